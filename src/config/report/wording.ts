import type * as z from "zod";

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map of settings",
  array: "a list",
};

/** What zod found, in the words of the configuration file. For zod's `error` option. */
export function reasonOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      if (issue.input === undefined) return "is missing";
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
    case "too_small":
      return tooSmall(issue);
    case "too_big":
      return `must be at most ${issue.maximum}${unitOf(issue.origin, Number(issue.maximum))}`;
    case "unrecognized_keys":
      return "is not a setting";
    default:
      return undefined;
  }
}

function tooSmall(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (issue.minimum === 1 && issue.origin !== "number" && issue.origin !== "int") return "must not be empty";
  const bound = issue.inclusive === false ? "more than" : "at least";
  return `must be ${bound} ${issue.minimum}${unitOf(issue.origin, Number(issue.minimum))}`;
}

function unitOf(origin: string, number: number): string {
  if (origin !== "string" && origin !== "array") return "";
  const unit = origin === "string" ? "character" : "item";
  return number === 1 ? ` ${unit}` : ` ${unit}s`;
}
