import { pathText } from "../kernel/settings/path.ts";
import type { PlacedProblem } from "./input/placed-problem.ts";
import { ConfigInvalidError, type Finding, maxFindings } from "./report/finding.ts";
import { foundBefore, foundByIssues, foundByRules, type InputDocument } from "./report/findings.ts";
import { reasonOf } from "./report/wording.ts";
import { type Settings, settingsSchema } from "./schema/settings.ts";
import { masksIn } from "./secret-origins.ts";

/** The settings with their defaults. `known` are problems that were found on the way. Throws `CONFIG_INVALID` with all of them. */
export function validate(document: InputDocument, known: readonly PlacedProblem[], name: string): Settings {
  const result = settingsSchema.safeParse(document.tree, { error: reasonOf });
  const issues = result.success ? [] : result.error.issues;
  const alreadyTold = new Set(known.map(({ path }) => pathText(path)));
  const masks = foundBefore(masksIn(document.tree), document);
  const found = [...foundByIssues(issues, document), ...foundByRules(document), ...masks];
  const all = [
    ...foundBefore(known, document),
    ...found.filter(({ path }) => !alreadyTold.has(pathText(path))),
  ];
  if (result.success && all.length === 0) return result.data;
  const told = all.slice(0, maxFindings).map((each) => each.tell());
  throw new ConfigInvalidError(name, told.toSorted(byLine), all.length);
}

const byLine = (one: Finding, other: Finding): number => (one.line ?? 0) - (other.line ?? 0);
