import fc from "fast-check";
import { expect, test } from "vitest";
import { cronOf, intervalOf } from "../../test/support/scheduled-runs.ts";
import { nextDue, nextSlot, upcomingSlots } from "./schedule.ts";

const hour = 3_600_000;
const newYear = Date.UTC(2026, 0, 1);

test("an interval is due whole intervals after its anchor, whenever one asks", () => {
  const interval = fc.record({
    everyMs: fc.integer({ min: 1000, max: 100 * hour }),
    anchorAt: fc.integer({ min: 0, max: 2 * newYear }),
    after: fc.integer({ min: 0, max: 2 * newYear }),
  });
  fc.assert(
    fc.property(interval, ({ everyMs, anchorAt, after }) => {
      const slot = nextSlot(intervalOf(everyMs), anchorAt, after) ?? 0;
      expect(slot - after).toBeGreaterThan(0);
      expect(slot - after).toBeLessThanOrEqual(everyMs);
      expect(Math.abs((slot - anchorAt) % everyMs)).toBe(0);
    }),
  );
});

test("a manual schedule is never due", () => {
  expect(nextSlot({ type: "manual" }, newYear, newYear)).toBeNull();
  expect(upcomingSlots({ type: "manual" }, newYear, newYear, 3)).toEqual([]);
});

test("jitter puts a due time off by less than asked for, and never to the next slot", () => {
  const schedules = fc.constantFrom(intervalOf(60_000), cronOf("*/5 * * * *", "Europe/Berlin"));
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(schedules, fc.integer({ min: 1, max: hour }), random, (schedule, jitterMs, drawn) => {
      const [slot = 0, following = 0] = upcomingSlots(schedule, newYear, newYear, 2);
      const due = nextDue({ ...schedule, jitterMs }, newYear, newYear, () => drawn) ?? 0;
      expect(due).toBeGreaterThanOrEqual(slot);
      expect(due).toBeLessThan(Math.min(slot + jitterMs, following));
    }),
  );
});

test("the same draw gives the same due time", () => {
  const jittered = intervalOf(hour, 10_000);
  expect(nextDue(jittered, newYear, newYear, () => 0.5)).toBe(newYear + hour + 5000);
});

test("upcoming slots are listed in order", () => {
  const schedule = cronOf("0 9 * * MON-FRI", "Europe/Berlin");
  const shown = upcomingSlots(schedule, 0, Date.UTC(2026, 2, 26, 12), 3).map((slot) =>
    new Date(slot).toISOString(),
  );
  // The clocks change on Sunday the 29th.
  expect(shown).toEqual(["2026-03-27T08:00:00.000Z", "2026-03-30T07:00:00.000Z", "2026-03-31T07:00:00.000Z"]);
});
