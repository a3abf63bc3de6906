import { pathText } from "../kernel/settings/path.ts";
import { isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { type ConnectorConfig, toConfig } from "./config.ts";
import { normalise } from "./input/normalise.ts";
import type { PlacedProblem } from "./input/placed-problem.ts";
import { ConfigInvalidError, maxFindings } from "./report/finding.ts";
import type { InputDocument } from "./report/findings.ts";
import { settingsSchema } from "./schema/settings.ts";
import { foreignSecrets, withoutForeignSecrets } from "./secret-origins.ts";
import { validate } from "./validate.ts";

/** What a connector that stands elsewhere takes from the configuration file. */
export interface Surroundings {
  /** The settings of the file after substitution, before defaults. */
  tree: unknown;
  /** Where relative paths begin. */
  folder: string;
}

/**
 * A connector whose settings stand elsewhere than in the file: the same keys and rules. Variables are not substituted, so that
 * whoever may make connectors cannot read the environment. Throws `CONFIG_INVALID` with every problem.
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

/** Throws `CONFIG_INVALID` with these problems of the connector, if there are any. */
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

/** The paths of problems begin at the connector. */
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
