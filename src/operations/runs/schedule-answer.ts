import * as z from "zod";
import { instantSchema, isoInstant } from "../../json/run-json.ts";
import { scheduleJson, scheduleSchema } from "../../json/schedule-json.ts";
import { upcomingSlots } from "../../schedule/trigger.ts";
import type { OperationContext } from "../operation-context.ts";
import { schedulesOf } from "./schedules-of.ts";

export const scheduleAnswer = z
  .strictObject({
    ...scheduleSchema.shape,
    nextRuns: z.array(instantSchema).describe("the next due times; none while paused"),
  })
  .meta({ id: "Schedule" });

/**
 * Where a connector's schedule stands, with its next `count` due times: as the scheduler has it, or in another process as the state
 * store has it. Throws `CONNECTOR_UNKNOWN`.
 */
export async function scheduleOf(
  context: OperationContext,
  connectorId: string,
  count = 1,
): Promise<z.infer<typeof scheduleAnswer>> {
  const { schedule } = context.services.connector(connectorId);
  const current = (await schedulesOf(context))(connectorId);
  const dueAt = current?.dueAt ?? null;
  const later =
    dueAt === null || current === undefined
      ? []
      : upcomingSlots(schedule, current.anchorAt, dueAt, count - 1);
  const nextRuns = dueAt === null ? [] : [dueAt, ...later];
  return { ...scheduleJson(schedule, current), nextRuns: nextRuns.slice(0, count).map(isoInstant) };
}
