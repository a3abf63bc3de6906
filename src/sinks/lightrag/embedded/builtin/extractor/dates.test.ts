import { expect, test } from "vitest";
import { findDates } from "./dates.ts";

/** A Wednesday. */
const recordedOn = new Date("2024-05-22T12:00:00Z");
const namesIn = (text: string, on: Date | null = recordedOn) => findDates(text, on).map(({ name }) => name);

test.each([
  ["We met yesterday", "21 May 2024"],
  ["It rained last night", "21 May 2024"],
  ["the day before yesterday", "20 May 2024"],
  ["see you tomorrow", "23 May 2024"],
  ["this evening", "22 May 2024"],
  ["last Saturday", "18 May 2024"],
  ["last Wednesday", "15 May 2024"],
  ["next Tuesday", "28 May 2024"],
  ["last week", "week of 13 May 2024"],
  ["this past weekend", "weekend of 18 May 2024"],
  ["next month", "June 2024"],
  ["last year", "2023"],
  ["three days ago", "19 May 2024"],
  ["two weeks ago", "week of 6 May 2024"],
  ["a month ago", "April 2024"],
  ["10 years ago", "2014"],
  ["in two weeks", "week of 3 June 2024"],
  ["in March", "March 2024"],
  ["last June", "June 2023"],
  ["next May", "May 2025"],
  ["last summer", "summer 2023"],
  ["last winter", "winter 2024"],
  ["on 3rd of July", "3 July 2024"],
  ["on December 28", "28 December 2023"],
  ["since 2019", "2019"],
])("%s is %s when recorded on 22 May 2024", (text, name) => {
  expect(namesIn(text)).toEqual([name]);
});

test("complete dates need no day of recording, relative ones are then left alone", () => {
  expect(namesIn("Born on May 5, 1998, or 1998-05-06, in August 1999 or in 2001", null)).toEqual([
    "5 May 1998",
    "6 May 1998",
    "August 1999",
    "2001",
  ]);
  expect(namesIn("yesterday, last week, on 3 July, in March", null)).toEqual([]);
});

test("vague times and words that only look like dates are no dates", () => {
  expect(namesIn("a few weeks ago the sun sat low; it may rain on Friday; march with 20 others")).toEqual([]);
});

test("the last day of a month does not slip into the month after the one that is meant", () => {
  expect(namesIn("last month", new Date("2024-03-31T12:00:00Z"))).toEqual(["February 2024"]);
});

test("a date says where in the text it stands", () => {
  const text = "Then, last Saturday, we left.";
  const [date] = findDates(text, recordedOn);
  expect(text.slice(date!.start, date!.end)).toBe("last Saturday");
});
