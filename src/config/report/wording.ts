import type * as z from "zod";

const kinds: ReadonlyMap<string, string> = new Map([
  ["string", "a text"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["object", "a map of settings"],
  ["array", "a list"],
]);

/** What zod found, in the words of the configuration file. For zod's `error` option. */
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
      return `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

/** Blocks that a key tells apart. */
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

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (origin === "string" || origin === "array") return "must not be empty";
  return `must be ${inclusive === false ? "more than" : "at least"} ${minimum}`;
}
