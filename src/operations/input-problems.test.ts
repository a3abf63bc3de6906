import { expect, test } from "vitest";
import * as z from "zod";
import { errorCodeField } from "./fields.ts";
import { readInput } from "./input-problems.ts";
import { momentField } from "./moments.ts";

const schema = z.strictObject({
  since: momentField.optional(),
  codes: z.array(errorCodeField).min(1).max(2).optional(),
  by: z.enum(["day", "week", "month"]).default("day"),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  name: z.string().min(1).max(5).optional(),
  more: z.strictObject({ force: z.boolean() }).optional(),
});

const told = (given: unknown, by: z.ZodType = schema) => {
  const read = readInput(by, given);
  return read.success ? [] : read.problems.map(({ path, reason, hint }) => [path.join("."), reason, hint]);
};

test.each([
  [
    "a time",
    { since: "yesterday" },
    ["since", "must be a date such as 2025-01-31 or a time such as 2025-01-31T18:00:00Z", null],
  ],
  [
    "a time that is a number",
    { since: 5 },
    ["since", "must be a date such as 2025-01-31 or a time such as 2025-01-31T18:00:00Z", null],
  ],
  ["a date that there is not", { since: "2025-02-30" }, ["since", expect.stringContaining("such as"), null]],
  [
    "a time of a day that there is not",
    { since: "2025-02-30T00:00:00Z" },
    ["since", expect.stringContaining("such as"), null],
  ],
  [
    "a code",
    { codes: ["SINK_DOCUMENT_FAILD"] },
    ["codes.0", expect.stringContaining("is no error code"), 'did you mean "SINK_DOCUMENT_FAILED"?'],
  ],
  ["a choice", { by: "weak" }, ["by", "must be one of day, week, month", 'did you mean "week"?']],
  ["a number", { limit: "many" }, ["limit", "must be a number", null]],
  ["a part of a number", { limit: 1.5 }, ["limit", "must be a whole number", null]],
  ["a number that is too large", { limit: 501 }, ["limit", "must be at most 500", null]],
  ["a text that is too long", { name: "abcdef" }, ["name", "must have at most 5 characters", null]],
  ["an empty text", { name: "" }, ["name", "must not be empty", null]],
  [
    "a list that is too long",
    { codes: Array(3).fill("USAGE") },
    ["codes", "must have at most 2 entries", null],
  ],
  ["an unknown field", { limt: 3 }, ["limt", "is no field here", 'did you mean "limit"?']],
  [
    "an unknown field within",
    { more: { force: true, forse: 1 } },
    ["more.forse", "is no field here", 'did you mean "force"?'],
  ],
  [
    "a + that is a space",
    { since: "2025-01-01T00:00:00 02:00" },
    ["since", expect.stringContaining("%2B"), null],
  ],
  ["what is missing", { more: {} }, ["more.force", "is missing", null]],
  ["no object", [], ["", "must be a JSON object", null]],
])("%s is refused under its own name, with words of ours", (_, given, problem) => {
  expect(told(given)).toEqual([problem]);
});

test("a time that is missing is said to be missing", () => {
  expect(told({}, z.strictObject({ since: momentField }))).toEqual([["since", "is missing", null]]);
  expect(told([], z.record(z.string(), z.unknown()))).toEqual([["", "must be a JSON object", null]]);
});

test("each of several unknown fields is named", () => {
  expect(told({ zzzzzz: 1, qqqqqq: 2 }).map(([path]) => path)).toEqual(["zzzzzz", "qqqqqq"]);
});

test("what an input lacks as a whole has no path", () => {
  const either = schema.refine(() => false, { error: "needs since or codes" });
  expect(told({}, either)).toEqual([["", "needs since or codes", null]]);
});
