import type * as z from "zod";
import { nearest } from "../config/report/nearest.ts";
import { reasonOf } from "../config/validate.ts";
import { keysOf, schemaAt } from "../kernel/settings/walk.ts";

/** One thing that is wrong with an input, in the same words at every door. */
export interface InputProblem {
  /** Empty where it is the input as a whole. */
  path: readonly (string | number)[];
  reason: string;
  hint: string | null;
}

type Read<Schema extends z.ZodType> =
  | { success: true; data: z.output<Schema> }
  | { success: false; problems: readonly InputProblem[] };

/** What an input says by its schema, or everything that is wrong with it. */
export function readInput<Schema extends z.ZodType>(schema: Schema, given: unknown): Read<Schema> {
  const read = schema.safeParse(given, { error: wordingOf, reportInput: true });
  if (read.success) return read;
  return { success: false, problems: read.error.issues.flatMap((issue) => problemsOf(issue, schema)) };
}

/** An input is JSON, where a configuration has maps. */
function wordingOf(issue: z.core.$ZodRawIssue): string | undefined {
  const isNoObject = issue.code === "invalid_type" && ["object", "record"].includes(issue.expected);
  return isNoObject ? "must be a JSON object" : reasonOf(issue);
}

/** An unknown key is named by its own path, and not by that of what holds it. */
function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType): InputProblem[] {
  const path = issue.path as (string | number)[];
  if (issue.code !== "unrecognized_keys") return [{ path, reason: issue.message, hint: hintFor(issue) }];
  const known = keysOf(schemaAt(schema, path));
  return issue.keys.map((key) => ({
    path: [...path, key],
    reason: "is no field here",
    hint: nameFor(key, known),
  }));
}

/** The likely intended name for an unknown one. */
function hintFor(issue: z.core.$ZodIssue): string | null {
  const known =
    issue.code === "invalid_value" ? issue.values : issue.code === "custom" && issue.params?.known;
  if (!known || typeof issue.input !== "string") return null;
  const close = nearest(issue.input, known.map(String));
  return close === null ? null : `did you mean "${close}"?`;
}

/** The nearest of the names that there are, else all of them. */
export function nameFor(name: string, known: readonly string[]): string {
  const close = nearest(name, known) ?? known.find((each) => name.toLowerCase().includes(each.toLowerCase()));
  if (close !== undefined) return `did you mean "${close}"?`;
  return known.length === 0 ? "it takes none" : `there are: ${known.join(", ")}`;
}
