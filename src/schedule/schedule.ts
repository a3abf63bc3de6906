/** What happens to due times that passed while nobody could serve them: one run for all of them, or none. */
export type CatchUp = "one" | "skip";

interface Automatic {
  catchUp: CatchUp;
  /** Each due time is put off by a random part of this, so that connectors do not start all at once. Milliseconds. */
  jitterMs: number;
}

/** When a connector runs; the shape that the configuration gives it. */
export type Schedule = Readonly<
  | ({ type: "interval"; everyMs: number } & Automatic)
  /** `cron` has 5 fields, or 6 with seconds first; `timezone` is an IANA name. */
  | ({ type: "cron"; cron: string; timezone: string } & Automatic)
  /** Only when a person or a program asks for it. */
  | { type: "manual" }
>;

export interface ScheduledConnector {
  readonly connectorId: string;
  readonly schedule: Schedule;
}

export function jitterOf(schedule: Schedule): number {
  return schedule.type === "manual" ? 0 : schedule.jitterMs;
}

/** A run that a person asked for and that was cut short is made up for, too. */
export function catchesUp(schedule: Schedule): boolean {
  return schedule.type === "manual" || schedule.catchUp === "one";
}

/** Tells the due times of schedules apart, for the store and for people: `every 900 s`, `cron 0 2 * * * Europe/Berlin`. */
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
