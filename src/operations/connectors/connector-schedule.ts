import * as z from "zod";
import type { ScheduleConfig } from "../../config/config.ts";
import { describeSchedule, dueTimes, type Schedule } from "../../schedule/schedule.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** The state of a connector's schedule, as far as a service has run it. */
export const scheduleSchema = z.strictObject({
  schedule: z.string().describe("for people, e.g. `every 3600 s`"),
  nextRunAt: instantSchema.nullable().describe("null when paused, without a schedule, or never scheduled"),
  pausedAt: instantSchema.nullable(),
  pauseNote: z.string().nullable().describe("why it is paused, if whoever did it has said so"),
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
    pauseNote: state?.pauseNote ?? null,
    skipped: state?.skipped ?? 0,
    openRunId: state?.openRun?.runId ?? null,
  };
}

function orNull(epochMs: number | null | undefined): string | null {
  return epochMs == null ? null : isoInstant(epochMs);
}

export const scheduleAnswer = z
  .strictObject({
    ...scheduleSchema.shape,
    nextRuns: z.array(instantSchema).describe("the next due times; none while paused"),
  })
  .meta({ id: "Schedule" });

/** The state of a connector's schedule, with its next `count` due times. Throws `CONNECTOR_UNKNOWN`. */
export async function scheduleOf(
  context: OperationContext,
  connectorId: string,
  count = 1,
): Promise<z.infer<typeof scheduleAnswer>> {
  const { schedule } = context.services.connector(connectorId);
  return answerOf(schedule, (await schedulesOf(context)).get(connectorId), count);
}

/** The same from a known state. */
export function answerOf(
  schedule: Schedule,
  state: Readonly<ScheduleState> | undefined,
  count = 1,
): z.infer<typeof scheduleAnswer> {
  const nextRuns = state === undefined ? [] : dueTimes(schedule, state, count);
  return { ...scheduleJson(schedule, state), nextRuns: nextRuns.map(isoInstant) };
}

/**
 * The schedule states by connector id: from the scheduler, or, in another process or for a connector new to the scheduler, from the
 * state store.
 */
export async function schedulesOf({
  services,
  service,
}: Pick<OperationContext, "services" | "service">): Promise<ReadonlyMap<string, Readonly<ScheduleState>>> {
  const stored = await services.state.listSchedules();
  const scheduled = service?.scheduler?.list().map(({ state }) => state) ?? [];
  return new Map([...stored, ...scheduled].map((each) => [each.connectorId, each]));
}

export const connectorSchedule = operation({
  name: "connector.schedule",
  tag: "Connectors",
  summary: "Show when a connector is due next",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField,
    count: z.coerce.number().int().min(1).max(100).default(5).describe("how many due times"),
  }),
  output: scheduleAnswer,
  errors: ["CONNECTOR_UNKNOWN"],
  run: (context, { connectorId, count }) => scheduleOf(context, connectorId, count),
});
