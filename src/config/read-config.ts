import { basename, dirname, resolve } from "node:path";
import { type Config, toConfig } from "./config.ts";
import { coerce, withoutEmptySecrets } from "./input/coerce.ts";
import { envFileOf, readVariables, type Variables } from "./input/environment.ts";
import { normalise } from "./input/normalise.ts";
import { applyOverrides, environmentOverrides, modelOverrides, type Override } from "./input/overrides.ts";
import { substitute } from "./input/substitute.ts";
import { maxConfigBytes, readTextFile } from "./input/text-file.ts";
import { parseYaml, type YamlTree } from "./input/yaml-tree.ts";
import { ConfigInvalidError, type Finding } from "./report/finding.ts";
import { findingsOf, type InputDocument, placed, ruleFindings } from "./report/findings.ts";
import { reasonOf } from "./report/wording.ts";
import { pathText } from "./schema/path.ts";
import { type Settings, settingsSchema } from "./schema/settings.ts";
import { unbuiltWarnings } from "./unbuilt.ts";
import { warningsOf } from "./warnings.ts";

export interface ConfigSource {
  /** The configuration file; null to build a configuration from the overrides alone. */
  path: string | null;
  /** Flags of the command line. They beat the environment, which beats the file. */
  overrides?: readonly Override[];
  /** The variables of the process. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Where a relative `path` begins, and without a file all other relative paths. */
  workingFolder: string;
}

export interface ReadConfig {
  config: Config;
  warnings: readonly Finding[];
  /** Absolute; null without a file. */
  source: string | null;
  /** Absolute paths of all that a change of the configuration may come from; some may not exist. */
  files: readonly string[];
}

/**
 * Reads a configuration: file, then substitution, then environment and flags, then validation. Relative paths begin at the file's
 * folder. Throws `CONFIG_NOT_FOUND`, `CONFIG_UNREADABLE`, `CONFIG_SYNTAX`, or `CONFIG_INVALID` with every problem.
 */
export function readConfig({ path, overrides = [], environment, workingFolder }: ConfigSource): ReadConfig {
  const source = path === null ? null : resolve(workingFolder, path);
  const folder = source === null ? resolve(workingFolder) : dirname(source);
  const name = source === null ? "the command line" : basename(source);
  const yaml = source === null ? nothing : parseYaml(readTextFile(source, maxConfigBytes), name);
  const variables = readVariables(folder, environment);
  const { document, problems, files } = prepare(yaml, { variables, folder }, overrides);
  const settings = validate(document, problems, name);
  const config = toConfig(settings, folder);
  const warnings = [...warningsOf(config, settings), ...unbuiltWarnings(settings)].map((warning) =>
    placed(warning, document, false),
  );
  const watched = [...(source === null ? [] : [source]), envFileOf(folder), ...files];
  return { config, warnings, source, files: [...new Set(watched)] };
}

const nothing: YamlTree = { tree: {}, lineOf: () => null };

interface Prepared {
  document: InputDocument;
  problems: readonly Finding[];
  files: readonly string[];
}

function prepare(
  yaml: YamlTree,
  sources: { variables: Variables; folder: string },
  flags: readonly Override[],
): Prepared {
  const normalised = normalise(yaml.tree, settingsSchema);
  const substituted = substitute(normalised.tree, sources);
  const overridden = applyOverrides(substituted.tree, [...environmentOverrides(sources.variables), ...flags]);
  const completed = applyOverrides(overridden.tree, modelOverrides(overridden.tree, sources.variables));
  const origins = new Map([...substituted.origins, ...overridden.origins, ...completed.origins]);
  const document: InputDocument = {
    tree: withoutEmptySecrets(coerce(completed.tree, settingsSchema, origins)),
    origins,
    writtenKeys: normalised.writtenKeys,
    lineOf: yaml.lineOf,
  };
  const problems = [...normalised.problems, ...substituted.problems]
    .filter(({ path }) => !overridden.origins.has(pathText(path)))
    .map((problem) => placed(problem, document, false));
  return { document, problems, files: substituted.files };
}

function validate(document: InputDocument, known: readonly Finding[], name: string): Settings {
  const result = settingsSchema.safeParse(document.tree, { error: reasonOf });
  const issues = result.success ? [] : result.error.issues;
  const alreadyTold = new Set(known.map(({ path }) => path));
  const found = [...findingsOf(issues, document), ...ruleFindings(document)];
  const problems = [...known, ...found.filter(({ path }) => !alreadyTold.has(path))];
  if (result.success && problems.length === 0) return result.data;
  throw new ConfigInvalidError(name, problems.toSorted(byLine));
}

const byLine = (one: Finding, other: Finding): number => (one.line ?? 0) - (other.line ?? 0);
