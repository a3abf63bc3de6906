import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import { pathText } from "../kernel/settings/path.ts";
import { shellWord } from "../kernel/util/terminal-text.ts";
import { type Config, toConfig } from "./config.ts";
import { coerce, withoutEmptySecrets } from "./input/coerce.ts";
import { envFileOf, readVariables, type Variables } from "./input/env-file.ts";
import { normalise } from "./input/normalise.ts";
import type { PlacedProblem } from "./input/origin.ts";
import { applyOverrides, directOverrides, environmentOverrides, type Override } from "./input/overrides.ts";
import { substitute } from "./input/substitute.ts";
import { maxConfigBytes, readTextFile } from "./input/text-file.ts";
import { parseYaml, type YamlTree } from "./input/yaml-tree.ts";
import { dropForeignSecrets } from "./overridden-addresses.ts";
import type { Surroundings } from "./read-connector.ts";
import { ConfigInvalidError, type Finding, maxFindings } from "./report/finding.ts";
import { type InputDocument, placed } from "./report/findings.ts";
import { settingsSchema } from "./schema/settings.ts";
import { type SettingInForce, settingsInForce } from "./settings-in-force.ts";
import { collidingConnectors } from "./shared-contexts.ts";
import { unbuiltWarnings } from "./unbuilt-settings.ts";
import { validate } from "./validate.ts";
import { emptySecrets, secretsElsewhere, warningsOf } from "./warnings.ts";

export interface ConfigSource {
  /** The configuration file; null to build a configuration from the overrides alone. */
  path: string | null;
  /** Command line flags. They override the environment, which overrides the file. */
  overrides?: readonly Override[];
  /** The variables of the process. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Base of a relative `path`, and without a file of all relative paths. */
  workingFolder: string;
}

export interface ReadConfig {
  config: Config;
  warnings: readonly Finding[];
  /** Absolute; null without a file. */
  source: string | null;
  /** Absolute paths of all files that the configuration depends on; some may not exist. */
  files: readonly string[];
  /** What connectors outside the file inherit. */
  surroundings: Surroundings;
  /** Every setting that has a value, with its origin; secrets masked. */
  settings(): readonly SettingInForce[];
}

/**
 * Reads a configuration: file, then substitution, then environment and flags, then validation. Relative paths are resolved against
 * the file's folder. Throws `CONFIG_NOT_FOUND`, `CONFIG_UNREADABLE`, `CONFIG_SYNTAX`, or `CONFIG_INVALID` with every problem.
 */
export function readConfig({ path, overrides = [], environment, workingFolder }: ConfigSource): ReadConfig {
  const source = path === null ? null : resolve(workingFolder, path);
  const folder = source === null ? resolve(workingFolder) : dirname(source);
  const name = source === null ? "the command line" : basename(source);
  const yaml = path === null ? nothing : readYaml(path, workingFolder);
  const variables = readVariables(folder, environment);
  const { document, problems, emptied, files } = prepare(yaml, { variables, folder }, overrides);
  const settings = validate(document, problems, name);
  const config = toConfig(settings, folder, document.tree, document.origins);
  refuseCollisions(config, document, name);
  const told = [
    ...warningsOf(config, settings),
    ...secretsElsewhere(document.tree),
    ...emptied,
    ...unbuiltWarnings(settings),
  ];
  const warnings = told.map((warning) => placed(warning, document, false));
  const watched = [...(source === null ? [] : [source]), envFileOf(folder), ...files];
  const surroundings = { tree: document.tree, folder };
  const inForce = () => settingsInForce(document, settings);
  return { config, warnings, source, files: [...new Set(watched)], surroundings, settings: inForce };
}

/** The hint of a file that is no YAML names one that is not there yet: what is typed by it works, and overwrites nothing. */
function readYaml(path: string, workingFolder: string): YamlTree {
  const name = basename(path);
  try {
    return parseYaml(readTextFile(resolve(workingFolder, path), maxConfigBytes), name);
  } catch (thrown) {
    if (!isConnectorError(thrown, "CONFIG_SYNTAX")) throw thrown;
    const { message, subject = name } = thrown;
    const example = `memory-connector init --full --config ${shellWord(freeFile(path, workingFolder))}`;
    const hint = `correct the file; \`${example}\` writes one to compare with`;
    throw new ConnectorError("CONFIG_SYNTAX", message, { subject, hint });
  }
}

/** Beside a file that is named by an absolute path: the person may stand elsewhere. */
function freeFile(path: string, workingFolder: string): string {
  const folder = isAbsolute(path) ? dirname(path) : "";
  for (let number = 1; ; number++) {
    const file = join(folder, number === 1 ? "all-settings.yaml" : `all-settings-${number}.yaml`);
    if (!existsSync(resolve(workingFolder, file))) return file;
  }
}

function refuseCollisions({ connectors }: Config, document: InputDocument, name: string): void {
  const problems = collidingConnectors(connectors);
  if (problems.length === 0) return;
  const told = problems.slice(0, maxFindings).map((problem) => placed(problem, document, false));
  throw new ConfigInvalidError(name, told, problems.length);
}

const nothing: YamlTree = { tree: {}, lineOf: () => null, spelledAt: () => null };

interface Prepared {
  document: InputDocument;
  problems: readonly PlacedProblem[];
  /** Warnings of secrets that are not there any more. */
  emptied: readonly PlacedProblem[];
  files: readonly string[];
}

function prepare(
  yaml: YamlTree,
  sources: { variables: Variables; folder: string },
  flags: readonly Override[],
): Prepared {
  const normalised = normalise(yaml.tree, settingsSchema);
  const substituted = substitute(normalised.tree, sources);
  const overridden = applyOverrides(substituted.tree, [
    ...environmentOverrides(substituted.tree, sources.variables),
    ...flags,
  ]);
  const left = dropForeignSecrets(substituted.tree, overridden);
  const completed = applyOverrides(left.tree, directOverrides(left.tree, sources.variables));
  const origins = new Map([...substituted.origins, ...overridden.origins, ...completed.origins]);
  const coerced = coerce(completed.tree, settingsSchema, origins);
  const emptied = emptySecrets(normalised.tree, coerced);
  const document: InputDocument = {
    tree: withoutEmptySecrets(coerced),
    origins,
    writtenKeys: normalised.writtenKeys,
    lineOf: yaml.lineOf,
    spelledAt: yaml.spelledAt,
  };
  const inFile = [...normalised.problems, ...substituted.problems].filter(
    ({ path }) => !overridden.origins.has(pathText(path)),
  );
  return { document, problems: [...inFile, ...left.problems], emptied, files: substituted.files };
}
