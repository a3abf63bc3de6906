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
