/** When a connector runs. */
export type Schedule =
  | { kind: "interval"; everyMs: number }
  /** `expression` has 5 fields, or 6 with seconds first; `timezone` is an IANA name. */
  | { kind: "cron"; expression: string; timezone: string }
  /** Only when a person or a program asks for it. */
  | { kind: "manual" };

/** What happens to due times that passed while nobody could serve them: one run for all of them, or none. */
export type CatchUp = "one" | "skip";

/** A connector as far as the scheduler has to know it. */
export interface ScheduledConnector {
  connectorId: string;
  schedule: Schedule;
  catchUp: CatchUp;
  /** Each due time is put off by a random part of this, so that connectors do not start all at once. Milliseconds. */
  jitterMs: number;
}

/** One line that tells schedules apart, for the store and for people: `every 900 s`, `cron 0 2 * * * Europe/Berlin`. */
export function describeSchedule(schedule: Schedule): string {
  switch (schedule.kind) {
    case "interval":
      return `every ${schedule.everyMs / 1000} s`;
    case "cron":
      return `cron ${schedule.expression} ${schedule.timezone}`;
    case "manual":
      return "manual";
  }
}
