import { pathText } from "../kernel/settings/path.ts";
import { isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { type ConnectorConfig, toConfig } from "./config.ts";
import { normalise } from "./input/normalise.ts";
import type { PlacedProblem } from "./input/origin.ts";
import { ConfigInvalidError, maxFindings } from "./report/finding.ts";
import type { InputDocument } from "./report/findings.ts";
import { settingsSchema } from "./schema/settings.ts";
import { foreignSecrets, withoutForeignSecrets } from "./secret-origins.ts";
import { validate } from "./validate.ts";

/** What a connector outside the configuration file inherits from it. */
export interface Surroundings {
  /** The settings of the file after substitution, before defaults. */
  tree: unknown;
  /** Base of relative paths. */
  folder: string;
}

/**
 * Reads a connector defined outside the file, with the same keys and rules. Variables are not substituted, so that users who may
 * create connectors cannot read the environment. Throws `CONFIG_INVALID` with every problem.
 */
export function readConnector(settings: unknown, { tree, folder }: Surroundings): ConnectorConfig {
  refuse(foreignSecrets(settings, tree));
  const own = withoutForeignSecrets(tree, settings, tree);
  const around = isMap(own) ? own : {};
  const normalised = normalise({ ...around, connectors: [settings] }, settingsSchema);
  const document: InputDocument = {
    tree: normalised.tree,
    origins: new Map(),
    writtenKeys: normalised.writtenKeys,
    lineOf: () => null,
    spelledAt: () => null,
  };
  const { connectors } = toConfig(validated(document, normalised.problems), folder, document.tree);
  const [connector] = connectors;
  if (connector === undefined) throw new Error("one connector went in and none came out");
  return connector;
}

/** Throws `CONFIG_INVALID` with these problems of the connector, if any. */
export function refuse(problems: readonly RuleProblem[]): void {
  if (problems.length === 0) return;
  const nowhere = { line: null, origin: null, value: null };
  const found = problems.slice(0, maxFindings).map(({ path, reason, hint }) => ({
    ...nowhere,
    path: pathText(path),
    reason,
    hint,
  }));
  throw new ConfigInvalidError("the connector", found, problems.length);
}

/** Paths of problems are relative to the connector. */
function validated(document: InputDocument, known: readonly PlacedProblem[]) {
  try {
    return validate(document, known, "the connector");
  } catch (thrown) {
    if (!(thrown instanceof ConfigInvalidError)) throw thrown;
    const problems = thrown.problems.map((problem) => ({
      ...problem,
      path: problem.path.replace(/^connectors\[0\]\.?/u, "") || "(the whole connector)",
    }));
    throw new ConfigInvalidError("the connector", problems, thrown.total);
  }
}
