import { expect, test } from "vitest";
import { counted } from "./numbers.ts";
import { listed, saysSame, withoutTags } from "./text.ts";
import {
  betweenTimes,
  dateText,
  duration,
  exactlyIn,
  fromNow,
  isInCalendar,
  moment,
  roughly,
} from "./time.ts";

test.each([
  [0, "0 s"],
  [-5, "0 s"],
  [6_240, "6.2 s"],
  [48_000, "48 s"],
  [63_000, "1 min 3 s"],
  [13_320_000, "3 h 42 min"],
  [7_200_000, "2 h"],
  [86_400_000, "1 day"],
  [172_800_000, "2 days"],
  [59 * 86_400_000, "59 days"],
  [200 * 86_400_000, "7 months"],
  [35_031 * 86_400_000, "96 years"],
])("%i ms are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("an estimate says no more than it knows", () => {
  expect(roughly(15 * 60_000 + 20_000)).toBe("about 15 min");
});

test("a moment is as short as it can be and still be clear", () => {
  const now = new Date(2025, 8, 21, 13, 42).getTime();
  expect(moment(new Date(2025, 8, 21, 9, 5).getTime(), now)).toBe("09:05");
  expect(moment(new Date(2025, 7, 1, 9, 5).getTime(), now)).toBe("1 Aug, 09:05");
  expect(moment(new Date(2023, 7, 1, 9, 5).getTime(), now)).toBe("1 Aug 2023");
  expect(fromNow(now + 18 * 60_000, now)).toBe("in 18 min");
  expect(fromNow(now - 60_000, now)).toBe("1 min ago");
});

test("a text tells times, and shows how to write one, or what somebody has written", () => {
  expect(betweenTimes("It waits until 2025-01-31T18:00:00Z: busy")).toEqual([
    "It waits until ",
    "2025-01-31T18:00:00Z",
    ": busy",
  ]);
  for (const text of ["must be a time such as 2025-01-31T18:00:00Z", 'has "2025-01-31T18:00:00Z"'])
    expect(betweenTimes(text)).toEqual([text]);
});

test("a day that is in no calendar is none", () => {
  for (const text of ["2026-02-30", "2026-13-01", "2025-02-29", "2026-02-30T10:00:00Z", " 2026-02-30"])
    expect([text, isInCalendar(text)]).toEqual([text, false]);
  for (const text of ["2024-02-29", "2026-12-31T23:59:59+01:00", "soon"])
    expect([text, isInCalendar(text)]).toEqual([text, true]);
  expect([dateText("2026-02-30"), dateText("2024-02-29")]).toEqual(["2026-02-30", "29 Feb 2024"]);
});

test("numbers agree with their words", () => {
  expect([counted(1, "memory", "memories"), counted(4391, "memory", "memories")]).toEqual([
    "1 memory",
    "4,391 memories",
  ]);
  expect(listed(["a", "b", "c"])).toBe("a, b and c");
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

test("a year before 1000 has four digits, wherever it is told", () => {
  expect(dateText("0050-03-15")).toBe("15 Mar 0050");
  expect(dateText("0999-12-31")).toBe("31 Dec 0999");
  expect(dateText("1000-01-01")).toBe("1 Jan 1000");
  expect(moment("0050-03-15T12:00:00Z", Date.now(), "UTC")).toBe("15 Mar 0050");
  expect(exactlyIn("0050-03-15T12:00:00Z", "UTC")).toBe("15 Mar 0050, 12:00:00 (UTC)");
});
