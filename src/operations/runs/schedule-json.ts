import * as z from "zod";
import type { ScheduleConfig } from "../../config/config.ts";
import { describeSchedule } from "../../schedule/schedule.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import { countSchema, instantSchema, isoInstant } from "./run-json.ts";

/** Where a connector's schedule stands, as far as a service has run it. */
export const scheduleSchema = z.strictObject({
  schedule: z.string().describe("for people, e.g. `every 3600 s`"),
  nextRunAt: instantSchema.nullable().describe("null when paused, without a schedule, or never scheduled"),
  pausedAt: instantSchema.nullable(),
  skipped: countSchema.describe("due times that passed without a run"),
  openRunId: z.string().nullable().describe("the run that was handed out and has not ended"),
});

export function scheduleJson(
  schedule: ScheduleConfig,
  state: Readonly<ScheduleState> | undefined,
): z.infer<typeof scheduleSchema> {
  return {
    schedule: describeSchedule(schedule),
    nextRunAt: orNull(state?.dueAt),
    pausedAt: orNull(state?.pausedAt),
    skipped: state?.skipped ?? 0,
    openRunId: state?.openRun?.runId ?? null,
  };
}

function orNull(epochMs: number | null | undefined): string | null {
  return epochMs == null ? null : isoInstant(epochMs);
}
