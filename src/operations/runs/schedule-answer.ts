import * as z from "zod";
import type { Schedule } from "../../schedule/schedule.ts";
import { dueTimes } from "../../schedule/trigger.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import type { OperationContext } from "../operation-context.ts";
import { instantSchema, isoInstant } from "./run-json.ts";
import { scheduleJson, scheduleSchema } from "./schedule-json.ts";
import { schedulesOf } from "./schedules-of.ts";

export const scheduleAnswer = z
  .strictObject({
    ...scheduleSchema.shape,
    nextRuns: z.array(instantSchema).describe("the next due times; none while paused"),
  })
  .meta({ id: "Schedule" });

/** Where a connector's schedule stands, with its next `count` due times. Throws `CONNECTOR_UNKNOWN`. */
export async function scheduleOf(
  context: OperationContext,
  connectorId: string,
  count = 1,
): Promise<z.infer<typeof scheduleAnswer>> {
  const { schedule } = context.services.connector(connectorId);
  return answerOf(schedule, (await schedulesOf(context)).get(connectorId), count);
}

/** The same of what is known already. */
export function answerOf(
  schedule: Schedule,
  state: Readonly<ScheduleState> | undefined,
  count = 1,
): z.infer<typeof scheduleAnswer> {
  const nextRuns = state === undefined ? [] : dueTimes(schedule, state, count);
  return { ...scheduleJson(schedule, state), nextRuns: nextRuns.map(isoInstant) };
}
