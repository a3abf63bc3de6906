import * as z from "zod";
import { metadata } from "../kernel/settings/metadata.ts";
import { givenKeys, isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { count, cron, duration, timeZone } from "../kernel/settings/types.ts";

const hourMs = 3_600_000;
const yearMs = 366 * 24 * hourMs;

export const scheduleSettings = z.strictObject({
  type: z.enum(["interval", "cron", "manual"]).register(metadata, {
    description:
      "`interval` runs again and again, `cron` at times of the clock, `manual` only when asked to.",
    example: "interval",
  }),
  interval_hours: z.number().min(0.01).max(8784).optional().register(metadata, {
    description: "Hours between runs. Added to `interval_minutes`.",
    example: 1,
    starter: true,
  }),
  interval_minutes: z
    .number()
    .min(0.1)
    .max(8784 * 60)
    .optional()
    .register(metadata, { description: "Minutes between runs. Added to `interval_hours`.", example: 30 }),
  every: duration({ minMs: 1000, maxMs: yearMs })
    .optional()
    .register(metadata, { description: "Time between runs, instead of hours and minutes.", example: "90s" }),
  cron: cron()
    .optional()
    .register(metadata, {
      description: "Five fields, or six with seconds first, or `@hourly`, `@daily`, `@weekly`, `@monthly`.",
      example: "0 2 * * *",
      synonyms: ["cron_expr"],
    }),
  timezone: timeZone().optional().register(metadata, {
    description: "Zone of `cron`.",
    example: "Europe/Zurich",
    defaultText: "the connector's `timezone`",
  }),
  jitter: duration({ minMs: 0 }).prefault(0).register(metadata, {
    description: "Up to this long is added to each due time, so that not all connectors start at once.",
  }),
  catch_up: z.enum(["one", "skip"]).prefault("one").register(metadata, {
    description:
      "After a time switched off: `one` makes up for all missed runs with one, `skip` waits for the next.",
  }),
});

const intervalKeys = ["interval_hours", "interval_minutes", "every"];

export function scheduleIsWhole(value: unknown): RuleProblem[] {
  if (!isMap(value)) return [];
  const intervals = givenKeys(value, intervalKeys);
  if (value.type === "interval" && intervals.length === 0) {
    const hint = "set interval_hours, interval_minutes or every";
    return [{ path: ["interval_hours"], reason: "is missing, type is interval", hint }];
  }
  if (intervals.length > 1 && intervals.includes("every")) {
    const hint = "keep either every, or interval_hours and interval_minutes";
    return [{ path: ["every"], reason: `cannot stand beside ${intervals[0]}`, hint }];
  }
  if (value.type === "cron" && value.cron === undefined) {
    return [{ path: ["cron"], reason: "is missing, type is cron", hint: 'for example cron: "0 2 * * *"' }];
  }
  return [];
}

export type ScheduleSettings = z.output<typeof scheduleSettings>;

/** Without a schedule a connector runs only on request. */
export function toScheduleConfig(settings: ScheduleSettings | undefined, timezone: string) {
  if (settings === undefined || settings.type === "manual") return { type: "manual" } as const;
  const { type, jitter: jitterMs, catch_up: catchUp } = settings;
  if (type === "interval") return { type, everyMs: intervalMs(settings), jitterMs, catchUp };
  return { type, cron: settings.cron ?? "", timezone: settings.timezone ?? timezone, jitterMs, catchUp };
}

function intervalMs(settings: ScheduleSettings): number {
  const { every, interval_hours: hours = 0, interval_minutes: minutes = 0 } = settings;
  return every ?? Math.round(hours * hourMs + minutes * 60_000);
}

/** Limits over all connectors. */
export const pipelineSettings = z.strictObject({
  max_concurrent_connectors: count({ max: 10_000 })
    .prefault(2)
    .register(metadata, { description: "Connectors that run at the same time." }),
  job_timeout_minutes: z
    .number()
    .positive()
    .max(24 * 24 * 60)
    .prefault(60)
    .register(metadata, {
      description: "Time limit of a run, in minutes, for connectors without `run_timeout`.",
    }),
});
