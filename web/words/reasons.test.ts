import { expect, test } from "vitest";
import type { SkipReason } from "../../src/documents/memory-transformer.ts";
import { stepNames } from "../../src/domain/history.ts";
import { stepWords } from "../memories/step-words.ts";
import { rangeText, reasonText, saysSame, scheduleText, withoutTags } from "./reasons.ts";

test.each(["empty_transcript", "pending_media", "merged", "dropped", "erased"] satisfies (
  | SkipReason
  | string
)[])("the reason %s has words", (reason) => {
  expect(reasonText(reason)).toMatch(/^it.* .* /u);
});

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
});

test.each([
  ["<p>We met <b>Ana</b>.</p>", "We met Ana ."],
  ['We met Ana <a href="https://exam', "We met Ana …"],
  ['ef="https://example.org" rel="x">the boat</a> &amp; more', "…the boat & more"],
  ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
])("of the quote %j people read %j", (quote, text) => {
  expect(withoutTags(quote)).toBe(text);
});

test("two texts say the same whatever their capitals and stops", () => {
  expect(saysSame("The source is away.", "the source is away")).toBe(true);
  expect(saysSame("The source is away.", "the source is gone")).toBe(false);
});
