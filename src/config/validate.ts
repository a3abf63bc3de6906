import { ConfigInvalidError, type Finding } from "./report/finding.ts";
import { findingsOf, type InputDocument, placed, ruleFindings } from "./report/findings.ts";
import { reasonOf } from "./report/wording.ts";
import { type Settings, settingsSchema } from "./schema/settings.ts";
import { masksIn } from "./secret-origins.ts";

/** The settings with their defaults. `known` are problems that were found on the way. Throws `CONFIG_INVALID` with all of them. */
export function validate(document: InputDocument, known: readonly Finding[], name: string): Settings {
  const result = settingsSchema.safeParse(document.tree, { error: reasonOf });
  const issues = result.success ? [] : result.error.issues;
  const alreadyTold = new Set(known.map(({ path }) => path));
  const masks = masksIn(document.tree).map((problem) => placed(problem, document, false));
  const found = [...findingsOf(issues, document), ...ruleFindings(document), ...masks];
  const problems = [...known, ...found.filter(({ path }) => !alreadyTold.has(path))];
  if (result.success && problems.length === 0) return result.data;
  throw new ConfigInvalidError(name, problems.toSorted(byLine));
}

const byLine = (one: Finding, other: Finding): number => (one.line ?? 0) - (other.line ?? 0);
