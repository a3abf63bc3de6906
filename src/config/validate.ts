import type * as z from "zod";
import { pathText } from "../kernel/settings/path.ts";
import { plural } from "../kernel/util/readable.ts";
import type { PlacedProblem } from "./input/origin.ts";
import { ConfigInvalidError, type Finding, maxFindings } from "./report/finding.ts";
import { foundBefore, foundByIssues, foundByRules, type InputDocument } from "./report/findings.ts";
import { type Settings, settingsSchema } from "./schema/settings.ts";
import { masksIn } from "./secret-origins.ts";

/** The settings with their defaults. `known` are problems found before. Throws `CONFIG_INVALID` with all of them. */
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

const kinds: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["object", "a map of settings"],
  ["array", "a list"],
]);

/** Messages of zod issues in terms of the configuration file. For zod's `error` option. */
export function reasonOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return "is missing";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${kinds.get(issue.expected) ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "invalid_union":
      return wrongKind(issue);
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return tooBig(issue);
    default:
      return undefined;
  }
}

/** Alternative blocks with a discriminating key. */
function wrongKind(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string | undefined {
  const { discriminator, options, input } = issue as NoMatch;
  if (discriminator === undefined || options === undefined) return undefined;
  return input?.[discriminator] === undefined ? "is missing" : `must be one of ${options.join(", ")}`;
}

type NoMatch = {
  discriminator?: string;
  options?: readonly unknown[];
  input?: Readonly<Record<string, unknown>>;
};

/** What a text and a list are counted in. */
const units: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ["string", ["character", "characters"]],
  ["array", ["entry", "entries"]],
]);

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  const unit = units.get(origin);
  if (unit === undefined) return `must be ${inclusive === false ? "more than" : "at least"} ${minimum}`;
  return minimum === 1 ? "must not be empty" : `must have at least ${plural(Number(minimum), ...unit)}`;
}

function tooBig({ origin, maximum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>): string {
  const unit = units.get(origin);
  if (unit === undefined) return `must be ${inclusive === false ? "less than" : "at most"} ${maximum}`;
  return `must have at most ${plural(Number(maximum), ...unit)}`;
}
