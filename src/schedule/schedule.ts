import { nextCronSlot } from "../kernel/util/cron.ts";
import type { ScheduleState } from "../state/schedule-state.ts";

/** The policy for due times that were missed while the service was down: one run for all of them, or none. */
export type CatchUp = "one" | "skip";

interface Automatic {
  catchUp: CatchUp;
  /** Each due time is delayed by a random part of this, so that connectors do not all start together. Milliseconds. */
  jitterMs: number;
}

/** When a connector runs, as configured. */
export type Schedule = Readonly<
  | ({ type: "interval"; everyMs: number } & Automatic)
  /** `cron` has 5 fields, or 6 with seconds first; `timezone` is an IANA name. */
  | ({ type: "cron"; cron: string; timezone: string } & Automatic)
  /** Only on request. */
  | { type: "manual" }
>;

export interface ScheduledConnector {
  readonly connectorId: string;
  readonly schedule: Schedule;
}

export function jitterOf(schedule: Schedule): number {
  return schedule.type === "manual" ? 0 : schedule.jitterMs;
}

/** A requested run that was interrupted is caught up as well. */
export function catchesUp(schedule: Schedule): boolean {
  return schedule.type === "manual" || schedule.catchUp === "one";
}

/** Identifies a schedule, for the store and for people: `every 900 s`, `cron 0 2 * * * Europe/Berlin`. */
export function describeSchedule(schedule: Schedule): string {
  switch (schedule.type) {
    case "interval":
      return `every ${schedule.everyMs / 1000} s`;
    case "cron":
      return `cron ${schedule.cron} ${schedule.timezone}`;
    case "manual":
      return "manual";
  }
}

/**
 * The first slot of a schedule after `after`; null when there is none. Slots of an interval are whole intervals away from
 * `anchorAt`, so that neither a restart nor a late run moves them. Times are milliseconds since the epoch.
 */
export function nextSlot(schedule: Schedule, anchorAt: number, after: number): number | null {
  switch (schedule.type) {
    case "interval": {
      const passed = Math.floor((after - anchorAt) / schedule.everyMs);
      return anchorAt + (passed + 1) * schedule.everyMs;
    }
    case "cron":
      return nextCronSlot(schedule.cron, schedule.timezone, after);
    case "manual":
      return null;
  }
}

/**
 * The next slot, delayed by the schedule's jitter. Jitter never reaches the following slot: due times keep their order and none is
 * lost. `random` is in [0, 1).
 */
export function nextDue(
  schedule: Schedule,
  anchorAt: number,
  after: number,
  random: () => number,
): number | null {
  const slot = nextSlot(schedule, anchorAt, after);
  const jitterMs = jitterOf(schedule);
  if (slot === null || jitterMs === 0) return slot;
  const following = nextSlot(schedule, anchorAt, slot) ?? Number.POSITIVE_INFINITY;
  return slot + Math.floor(random() * Math.min(jitterMs, following - slot));
}

/** The next `count` due times; only the first includes jitter. None while paused. */
export function dueTimes(
  schedule: Schedule,
  { anchorAt, dueAt }: Pick<ScheduleState, "anchorAt" | "dueAt">,
  count: number,
): number[] {
  return dueAt === null || count < 1 ? [] : [dueAt, ...upcomingSlots(schedule, anchorAt, dueAt, count - 1)];
}

/** Up to `count` slots after `after`, in order, without jitter, which is not known in advance. */
export function upcomingSlots(schedule: Schedule, anchorAt: number, after: number, count: number): number[] {
  const slots: number[] = [];
  for (
    let slot = nextSlot(schedule, anchorAt, after);
    slot !== null && slots.length < count;
    slot = nextSlot(schedule, anchorAt, slot)
  ) {
    slots.push(slot);
  }
  return slots;
}
