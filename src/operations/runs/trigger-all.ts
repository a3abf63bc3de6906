import * as z from "zod";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import { schedulesOf } from "../connectors/connector-schedule.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { activeRunOf } from "./active-run.ts";
import { countSchema } from "./run-json.ts";
import { schedulerOf, schedulingErrors } from "./scheduler.ts";

const reasons = ["disabled", "paused", "at_work"] as const;

export const triggerAll = operation({
  name: "run.trigger-all",
  tag: "Runs",
  summary: "Run all connectors now, or say which that would be",
  details:
    "Those that are switched off, paused or at work are left alone, and named with the reason. They run side by side as far as " +
    "`advanced.pipeline.max_concurrent_connectors` lets them; the others wait for their turn. What their sources have is known to nobody before.",
  access: "admin",
  input: z.strictObject({
    dryRun: z.boolean().default(false).describe("say which it would be, and run none"),
  }),
  output: z.strictObject({
    dryRun: z.boolean(),
    runs: z.array(z.strictObject({ connectorId: z.string(), runId: z.string().nullable() })),
    left: z.array(z.strictObject({ connectorId: z.string(), reason: z.enum(reasons) })),
    sideBySide: countSchema.describe("how many run at the same time at most"),
  }),
  errors: [...schedulingErrors, "SCHEDULER_STOPPED"],
  changes: ["run.trigger"],
  run: async (context, { dryRun }) => {
    const { services } = context;
    const ids = services.connectors.configs().map(({ id }) => id);
    const schedules = await schedulesOf(context);
    const before = await Promise.all(ids.map((id) => whyLeft(context, id, schedules.get(id))));
    const asked = await Promise.all(
      ids.map(async (connectorId, index): Promise<Asked> => {
        const reason = before[index] ?? null;
        if (reason !== null || dryRun) return { connectorId, runId: null, reason };
        return trigger(context, connectorId);
      }),
    );
    return {
      dryRun,
      runs: asked.flatMap(({ reason, ...run }) => (reason === null ? [run] : [])),
      left: asked.flatMap(({ connectorId, reason }) => (reason === null ? [] : [{ connectorId, reason }])),
      sideBySide: services.config.advanced.maxConcurrentConnectors,
    };
  },
});

type Reason = (typeof reasons)[number];

/** `reason`: why it is left alone; null where it runs, or would. */
interface Asked {
  connectorId: string;
  runId: string | null;
  reason: Reason | null;
}

async function whyLeft(
  context: OperationContext,
  connectorId: string,
  schedule: Readonly<ScheduleState> | undefined,
): Promise<Reason | null> {
  if (!context.services.connector(connectorId).enabled) return "disabled";
  if (schedule?.pausedAt != null) return "paused";
  return (await activeRunOf(context, connectorId, schedule)) === null ? null : "at_work";
}

async function trigger(context: OperationContext, connectorId: string): Promise<Asked> {
  try {
    const runId = await schedulerOf(context, connectorId).trigger(connectorId);
    await context.record({ action: "run.trigger", subject: connectorId, after: { runId, force: false } });
    return { connectorId, runId, reason: null };
  } catch (thrown) {
    if (isConnectorError(thrown, "RUN_ACTIVE")) return { connectorId, runId: null, reason: "at_work" };
    throw thrown;
  }
}
