import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cronProblem, nextCronSlot } from "./cron.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

/** Zones whose changes differ in size, in the time of day and in hemisphere; the last but one changes for Ramadan, the last never. */
const zones = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Africa/Cairo",
  "Antarctica/Troll",
  "America/St_Johns",
  "Africa/Casablanca",
  "Asia/Kolkata",
];

interface WallClock {
  date: string;
  minuteOfDay: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function wallClock(zone: string, at: number): WallClock {
  const formatter =
    formatters.get(zone) ??
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  formatters.set(zone, formatter);
  const [date = "", time = ""] = formatter.format(at).split(" ");
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return { date, minuteOfDay: hours * 60 + minutes };
}

/** What the wall clock of a zone shows, minute by minute. The oracle of these tests: it knows nothing of cron. */
function* wallClockOf(zone: string, from: number, to: number): Generator<WallClock & { at: number }> {
  for (let at = from; at < to; at += minute) yield { at, ...wallClock(zone, at) };
}

/** Middays (UTC) of days on which the zone's clock changes, 2024 to 2027. */
function changesOf(zone: string): number[] {
  const changes: number[] = [];
  for (let at = Date.UTC(2024, 0, 1, 12); at < Date.UTC(2028, 0, 1); at += day) {
    if (wallClock(zone, at).minuteOfDay !== wallClock(zone, at - day).minuteOfDay) changes.push(at);
  }
  return changes;
}

const daysAroundChanges = zones.flatMap((zone) => {
  const changes = changesOf(zone);
  return (changes.length > 0 ? changes : [Date.UTC(2026, 2, 29, 12)]).map((change) => ({ zone, change }));
});
const aroundChange = fc.constantFrom(...daysAroundChanges);
const minuteOfDay = fc.integer({ min: 0, max: 24 * 60 - 1 });

function slots(expression: string, zone: string, from: number, to: number): number[] {
  const found: number[] = [];
  for (let slot = nextCronSlot(expression, zone, from - 1); slot !== null && slot < to; ) {
    found.push(slot);
    slot = nextCronSlot(expression, zone, slot);
  }
  return found;
}

/** Once a date: at the wall-clock time, the first of two, or the first minute after the gap that swallowed it. */
function expectedDaily(zone: string, minuteOfDay: number, from: number, to: number): number[] {
  const byDate = Map.groupBy(wallClockOf(zone, from, to), ({ date }) => date);
  return [...byDate.values()].flatMap((minutes) => {
    const slot = minutes.find((shown) => shown.minuteOfDay === minuteOfDay);
    const afterGap = minutes.find((shown) => shown.minuteOfDay > minuteOfDay);
    const found = slot ?? afterGap;
    return found === undefined ? [] : [found.at];
  });
}

describe("over changes of the clock in nine time zones", { timeout: 30_000 }, () => {
  test("a daily job runs exactly once on each date, after the gap when its time is skipped", () => {
    fc.assert(
      fc.property(aroundChange, minuteOfDay, ({ zone, change }, at) => {
        const [from, to] = wholeDays(zone, change);
        const expression = `${at % 60} ${Math.floor(at / 60)} * * *`;
        expect(slots(expression, zone, from, to)).toEqual(expectedDaily(zone, at, from, to));
      }),
      { numRuns: 40 },
    );
  });

  test("a job that follows the wall clock runs whenever the clock shows its minute, in both of the doubled hours", () => {
    fc.assert(
      fc.property(aroundChange, fc.integer({ min: 0, max: 59 }), ({ zone, change }, at) => {
        const [from, to] = [change - day, change + day];
        const expected = wallClockOf(zone, from, to).filter((shown) => shown.minuteOfDay % 60 === at);
        expect(slots(`${at} * * * *`, zone, from, to)).toEqual(Array.from(expected, (shown) => shown.at));
      }),
      { numRuns: 50 },
    );
  });

  test("a job at two times of the day never serves one wall-clock slot twice", () => {
    fc.assert(
      fc.property(aroundChange, fc.integer({ min: 0, max: 59 }), ({ zone, change }, at) => {
        const found = slots(`${at} 1,13 * * *`, zone, change - 3 * day, change + 3 * day);
        const shown = found.map((slot) => wallClock(zone, slot));
        expect(new Set(shown.map(({ date, minuteOfDay }) => `${date} ${minuteOfDay}`)).size).toBe(
          found.length,
        );
      }),
      { numRuns: 50 },
    );
  });

  test("from any moment on, the next slot lies in the future and is the same for every moment before it", () => {
    fc.assert(
      fc.property(
        aroundChange,
        minuteOfDay,
        fc.integer({ min: 0, max: 2 * day }),
        ({ zone, change }, at, offset) => {
          const expression = `${at % 60} ${Math.floor(at / 60)} * * *`;
          const from = change - day + offset;
          const slot = nextCronSlot(expression, zone, from) ?? 0;
          expect(slot).toBeGreaterThan(from);
          expect(nextCronSlot(expression, zone, Math.floor((from + slot) / 2))).toBe(slot);
          expect(nextCronSlot(expression, zone, slot - 1)).toBe(slot);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** From a midnight of the zone about two days before a moment to one about two days after it. */
function wholeDays(zone: string, around: number): [number, number] {
  const firstOfNextDate = (from: number) => {
    const { date } = wallClock(zone, from);
    const next = wallClockOf(zone, from, from + 2 * day).find((shown) => shown.date !== date);
    return next?.at ?? from;
  };
  return [firstOfNextDate(around - 3 * day), firstOfNextDate(around + 2 * day)];
}

test("a date that a zone left out has no run", () => {
  const shown = slots("0 12 * * *", "Pacific/Apia", Date.UTC(2011, 11, 29), Date.UTC(2012, 0, 2)).map(
    (slot) => wallClock("Pacific/Apia", slot).date,
  );
  expect(shown).toEqual(["2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02"]);
});

test("six fields begin with seconds", () => {
  const from = Date.UTC(2026, 0, 1);
  expect(nextCronSlot("*/15 * * * * *", "UTC", from)).toBe(from + 15_000);
});

test("a month, a weekday and a nickname are understood", () => {
  const from = Date.UTC(2026, 0, 1);
  expect(nextCronSlot("0 6 * MAR MON", "UTC", from)).toBe(Date.UTC(2026, 2, 2, 6));
  expect(nextCronSlot("@daily", "Europe/Berlin", from)).toBe(Date.UTC(2026, 0, 1, 23));
});

describe("cronProblem", () => {
  const now = Date.UTC(2026, 0, 1);

  test.each([
    ["0 2 * * *", "Europe/Berlin"],
    ["30 0 2 * * *", "UTC"],
    ["@hourly", "Australia/Lord_Howe"],
    ["0 0 29 2 *", "UTC"],
  ])("finds nothing wrong with %s in %s", (expression, timezone) => {
    expect(cronProblem(expression, timezone, now)).toBeNull();
  });

  test.each([
    ["0 2 * * *", "Mars/Olympus", '"Mars/Olympus" is not an IANA time zone'],
    ["* * * *", "UTC", "needs 5 fields"],
    ["", "UTC", "needs 5 fields"],
    ["0 0 0 1 1 * 2026", "UTC", "needs 5 fields"],
    ["2026-01-01T00:00:00", "UTC", "needs 5 fields"],
    ["60 * * * *", "UTC", "Invalid value for minute: 60"],
    ["@sometimes", "UTC", "is not a cron expression"],
    ["0 0 31 2 *", "UTC", "names no moment that ever comes"],
  ])("refuses %j in %s", (expression, timezone, problem) => {
    expect(cronProblem(expression, timezone, now)).toContain(problem);
  });
});
