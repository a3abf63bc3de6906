import { expect, test } from "vitest";
import type { SkipReason } from "../../src/documents/memory-transformer.ts";
import { stepNames } from "../../src/domain/history.ts";
import { queryRanges } from "../../src/sync/query-range.ts";
import { stepWords } from "../memories/step-words.ts";
import { rangeText, reasonText, scheduleText } from "./reasons.ts";

/** A reason that is new is missing here, too. */
const skipReasons = { empty_transcript: 0, not_chosen: 0, id_redacted: 0, pending_media: 0 } satisfies Record<
  SkipReason,
  0
>;

test.each([...Object.keys(skipReasons), "merged", "dropped", "erased"])(
  "the reason %s has words",
  (reason) => {
    expect(reasonText(reason)).toMatch(/^it.* .* /u);
  },
);

test("a reason that is new has its code as words, and a sentence stays", () => {
  expect(reasonText("moon_too_high")).toBe("moon too high");
  expect(reasonText("the server takes no seahorses")).toBe("the server takes no seahorses");
});

test("every step of a memory has words", () => {
  for (const step of stepNames) expect(stepWords[step].says).toMatch(/^[A-Z]/u);
});

test.each([
  ["every 3600 s", "every hour"],
  ["every 7200 s", "every 2 hours"],
  ["every 5400 s", "every 90 minutes"],
  ["every 86400 s", "every day"],
  ["every 90 s", "every 90 seconds"],
  ["every 0.5 s", "every 0.5 seconds"],
  ["cron 0 2 * * * Europe/Berlin", "at 0 2 * * * (cron), Europe/Berlin"],
  ["manual", "by hand alone"],
])("the schedule %j reads %j", (schedule, text) => {
  expect(scheduleText(schedule)).toBe(text);
});

test("what is read of a source is said in words", () => {
  expect([rangeText("week"), rangeText("all")]).toEqual(["the last week", "everything"]);
  for (const range of queryRanges) expect(rangeText(range)).toMatch(/^(?:the last|everything)/u);
});
