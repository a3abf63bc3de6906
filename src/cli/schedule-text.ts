import type { ScheduleConfig } from "../config/config.ts";
import { readableDuration, readableMoment } from "../kernel/util/readable.ts";

export function scheduleText(schedule: ScheduleConfig): string {
  if (schedule.type === "manual") return "manual";
  if (schedule.type === "interval") return `every ${readableDuration(schedule.everyMs)}`;
  return `${schedule.cron} (${schedule.timezone})`;
}

interface NextRun {
  nextRunAt: string | null;
  pausedAt: string | null;
  overdueSince: string | null;
}

/** `2025-01-31T02:00:00Z`, `overdue since 2025-01-31T02:00:00Z`, `paused`, or `-`. */
export function nextRunText({ nextRunAt, pausedAt, overdueSince }: NextRun): string {
  if (pausedAt !== null) return "paused";
  return overdueSince === null
    ? readableMoment(nextRunAt === null ? null : Date.parse(nextRunAt))
    : `overdue since ${readableMoment(Date.parse(overdueSince))}`;
}
