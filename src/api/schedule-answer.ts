import * as z from "zod";
import type { App } from "../app.ts";
import { instantSchema, isoInstant } from "../json/run-json.ts";
import { scheduleJson, scheduleSchema } from "../json/schedule-json.ts";
import { upcomingSlots } from "../schedule/trigger.ts";
import type { ScheduleState } from "../state/schedule-state.ts";
import type { ApiParts } from "./api-parts.ts";

export const scheduleAnswer = z
  .strictObject({
    ...scheduleSchema.shape,
    nextRuns: z.array(instantSchema).describe("the next due times; none while paused"),
  })
  .meta({ id: "Schedule" });

/** Where a connector's schedule stands: as the scheduler has it, or in another process as the state store has it. */
export async function scheduleJsonOf(
  { app, scheduler }: ApiParts,
  id: string,
  count = 1,
): Promise<z.infer<typeof scheduleAnswer>> {
  const { schedule, enabled } = app.connector(id);
  const current = scheduler !== null && enabled ? scheduler.status(id).state : await storedState(app, id);
  const dueAt = current?.dueAt ?? null;
  const later =
    dueAt === null || current === undefined
      ? []
      : upcomingSlots(schedule, current.anchorAt, dueAt, count - 1);
  const nextRuns = dueAt === null ? [] : [dueAt, ...later];
  return { ...scheduleJson(schedule, current), nextRuns: nextRuns.slice(0, count).map(isoInstant) };
}

async function storedState({ state }: App, id: string): Promise<ScheduleState | undefined> {
  return (await state.listSchedules()).find(({ connectorId }) => connectorId === id);
}
