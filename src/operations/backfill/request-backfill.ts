import * as z from "zod";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { cancelBackfill as cancel, requestBackfill as request } from "../../sync/backfill.ts";
import { connectorIdField, connectorInput } from "../fields.ts";
import { beginOf, endOf, momentField, requireOrderedRange } from "../moments.ts";
import { operation } from "../operation.ts";
import { countSchema, isoInstant } from "../runs/run-json.ts";
import { schedulerOf, schedulingErrors } from "../runs/scheduler.ts";
import { backfillJson, backfillSchema } from "./get-backfill.ts";

const input = z.strictObject({
  connectorId: connectorIdField,
  since: momentField.describe("the oldest memories to deliver, by time or day"),
  until: momentField.optional().describe("the newest memories to deliver, by time or day; now when left out"),
  later: z
    .boolean()
    .default(false)
    .describe("only ask for them; the connector's next runs go on with it as they come"),
});

export const requestBackfill = operation({
  name: "backfill.request",
  tag: "Runs",
  summary: "Deliver old memories, behind the new ones",
  details:
    "Asks for the memories of a span of time; one that is under way grows by it. They are delivered newest first, " +
    "`ingestion.backfill_per_run` of them in each run, and new memories go before them in every run. They share the day's budget. A service " +
    "runs the connector until they are delivered, the connector is paused, or a run delivers none of them, such as when the budget is spent; " +
    "the connector's later runs go on with it then.",
  access: "admin",
  input,
  output: z.strictObject({
    connectorId: z.string(),
    backfill: backfillSchema,
    runId: z
      .string()
      .nullable()
      .describe("the first run of it; null when only asked for, or one is under way"),
  }),
  errors: [...schedulingErrors, "CONNECTOR_LOCKED", "SCHEDULER_STOPPED"],
  changes: ["backfill.request"],
  run: async (context, { connectorId, later, ...asked }) => {
    const { services, service, clock, record } = context;
    const { timezone } = services.connector(connectorId);
    const since = beginOf(asked.since, timezone);
    const until = asked.until === undefined ? clock.now() : endOf(asked.until, timezone);
    requireOrderedRange({ since, until });
    // Errors of the scheduler are thrown before anything is recorded.
    const control = service === null || later ? null : schedulerOf(context, connectorId);
    const span = { connectorId, since, until, byService: control !== null };
    const backfill = await request(services.state, span, clock.now());
    const after = { since: isoInstant(since), until: isoInstant(until), later };
    await record({ action: "backfill.request", subject: connectorId, after });
    const runId = control === null ? null : await begin(() => control.trigger(connectorId));
    return { connectorId, backfill: backfillJson(backfill), runId };
  },
});

/** A run that started in between is followed by another. */
async function begin(trigger: () => string | Promise<string>): Promise<string | null> {
  try {
    return await trigger();
  } catch (thrown) {
    if (isConnectorError(thrown, "RUN_ACTIVE")) return null;
    throw thrown;
  }
}

export const cancelBackfill = operation({
  name: "backfill.cancel",
  tag: "Runs",
  summary: "Deliver no more of the old memories that were asked for",
  details:
    "What was delivered stays. Memories that wait and lie outside of the connector's own `query_range` are forgotten and can be asked for " +
    "again; those inside of it are delivered as any memory is. While a run is at work it is refused: cancel the run first.",
  access: "admin",
  input: connectorInput,
  output: z.strictObject({
    connectorId: z.string(),
    backfill: backfillSchema,
    forgotten: countSchema.describe("memories that wait no longer"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED", "BACKFILL_NOT_ACTIVE"],
  changes: ["backfill.cancel"],
  run: async ({ services, clock, record }, { connectorId }) => {
    const { queryRange } = services.connector(connectorId).ingestion;
    const cancelled = await cancel(services.state, connectorId, queryRange, clock.now());
    if (cancelled === null) {
      const message = `connector "${connectorId}" has no backfill under way`;
      throw new ConnectorError("BACKFILL_NOT_ACTIVE", message, { subject: connectorId });
    }
    const { forgotten } = cancelled;
    const backfill = backfillJson(cancelled.backfill);
    await record({ action: "backfill.cancel", subject: connectorId, after: { ...backfill, forgotten } });
    return { connectorId, backfill, forgotten };
  },
});
