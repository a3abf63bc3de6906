import type { ScheduleConfig } from "../config/config.ts";
import type { ScheduleState } from "../state/schedule-state.ts";
import { readableDuration, readableInstant } from "./readable.ts";

export function scheduleText(schedule: ScheduleConfig): string {
  if (schedule.type === "manual") return "manual";
  if (schedule.type === "interval") return `every ${readableDuration(schedule.everyMs)}`;
  return `${schedule.cron} (${schedule.timezone})`;
}

/** `2025-01-31T02:00:00Z`, `paused`, or `-`. */
export function nextRunText(state: Readonly<ScheduleState> | undefined): string {
  return state?.pausedAt == null ? readableInstant(state?.dueAt) : "paused";
}
