import type { ScheduleConfig } from "../config/config.ts";
import { readableDuration, readableMoment } from "../kernel/util/readable.ts";
import type { ScheduleState } from "../state/schedule-state.ts";

export function scheduleText(schedule: ScheduleConfig): string {
  if (schedule.type === "manual") return "manual";
  if (schedule.type === "interval") return `every ${readableDuration(schedule.everyMs)}`;
  return `${schedule.cron} (${schedule.timezone})`;
}

interface NextRun {
  schedule: Readonly<ScheduleState> | undefined;
  overdueSince: number | null;
}

/** `2025-01-31T02:00:00Z`, `overdue since 2025-01-31T02:00:00Z`, `paused`, or `-`. */
export function nextRunText({ schedule, overdueSince }: NextRun): string {
  if (schedule?.pausedAt != null) return "paused";
  return overdueSince === null
    ? readableMoment(schedule?.dueAt)
    : `overdue since ${readableMoment(overdueSince)}`;
}
