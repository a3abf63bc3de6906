import * as z from "zod";
import type { RunWish } from "../../domain/run-wish.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { connectorIdField } from "../fields.ts";
import { spanIn } from "../moments.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { runElsewhere } from "./active-run.ts";
import { memoryFilterFields, outdatedField } from "./memory-filter.ts";
import { isoInstant } from "./run-json.ts";
import { schedulerOf, schedulingErrors } from "./scheduler.ts";

export const triggerRun = operation({
  name: "run.trigger",
  tag: "Runs",
  summary: "Run a connector now",
  details:
    "Works while it is paused, too. Takes what `sync` takes: a run that a brake has held goes on when it is triggered with " +
    "`acceptResends` or `acceptDeletions`.",
  access: "admin",
  input: z.strictObject({
    connectorId: connectorIdField,
    force: z.boolean().default(false).describe("deliver memories again that LightRAG has already"),
    outdated: outdatedField,
    acceptResends: z
      .boolean()
      .default(false)
      .describe("send even if most of the delivered memories are sent again"),
    acceptDeletions: z
      .boolean()
      .default(false)
      .describe("believe the source: treat all memories that it does not show now as deleted, without grace"),
    ...memoryFilterFields,
  }),
  output: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_ACTIVE", "SCHEDULER_STOPPED"],
  changes: ["run.trigger"],
  run: async (context, { connectorId, ...given }) => {
    const scheduler = schedulerOf(context, connectorId);
    const { timezone } = context.services.connector(connectorId);
    const wish = { ...given, ...spanIn(timezone, given) };
    await requireIdle(context, connectorId);
    const runId = await scheduler.trigger(connectorId, wish);
    await context.record({ action: "run.trigger", subject: connectorId, after: { runId, ...asked(wish) } });
    return { connectorId, runId };
  },
});

/** A run that could only find the connector locked is not handed out. */
async function requireIdle(context: OperationContext, connectorId: string): Promise<void> {
  const other = await runElsewhere(context, connectorId);
  if (other === null) return;
  const { runId, process } = other;
  const message = `run ${runId} of connector "${connectorId}" is under way in ${process}`;
  throw new ConnectorError("RUN_ACTIVE", message, { subject: runId });
}

/** The given options; named memories as a count. */
function asked({ force, outdated, acceptResends, acceptDeletions, since, until, ids }: RunWish) {
  return {
    force,
    ...(outdated && { outdated }),
    ...(acceptResends && { acceptResends }),
    ...(acceptDeletions && { acceptDeletions }),
    ...(since !== undefined && { since: isoInstant(since) }),
    ...(until !== undefined && { until: isoInstant(until) }),
    ...(ids !== undefined && { ids: ids.length }),
  };
}
