import { ConfigInvalidError, type Finding } from "../../src/config/report/finding.ts";
import { validate } from "../../src/config/validate.ts";

/** What is wrong with a file of these settings. */
export function problemsOf(tree: unknown): readonly Finding[] {
  const document = {
    ...{ tree, origins: new Map(), writtenKeys: new Map() },
    ...{ lineOf: () => null, spelledAt: () => null },
  };
  try {
    validate(document, [], "config.yaml");
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalidError) return error.problems;
    throw error;
  }
}
