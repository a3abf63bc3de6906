import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { connectorIdField, versionsField } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";

const input = z.strictObject({
  connectorId: connectorIdField,
  keepLedger: z.boolean().default(false),
  ifVersions: versionsField,
});

export const removeConnector = operation({
  name: "connector.remove",
  tag: "Connectors",
  summary: "Remove a connector",
  details:
    "LightRAG keeps its documents, and the history stays. What is known of its memories, and what was sent to it, is forgotten unless its ledger is to be kept; its " +
    "pause and its due times are forgotten in any case. What was erased stays erased, also for a connector that is made later under the same id.",
  access: "admin",
  input,
  output: z.strictObject({
    id: z.string(),
    forgotten: z.int().describe("memories whose ledger rows were removed"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_READ_ONLY", "CONNECTOR_LOCKED", "STATE_CONFLICT"],
  changes: ["connector.remove"],
  run: async (context, given) => {
    const { connectorId: subject, ifVersions } = given;
    const { settings: before } = context.services.connectors.changeable(subject, ifVersions);
    refuseDuringRun(context, subject);
    const lock = await context.services.state.lockConnector(subject);
    const after = { forgotten: 0 };
    try {
      await context.services.connectors.remove(subject, ifVersions);
      // From here on it is removed, even if the rest fails.
      await forget(context, given, after).finally(() =>
        context.record({ action: "connector.remove", subject, before, after }),
      );
    } finally {
      await lock.release();
    }
    return { id: subject, ...after };
  },
});

/** A run has begun before it holds the connector's lock: it may still wait for its places at LightRAG. */
function refuseDuringRun({ service }: OperationContext, subject: string): void {
  const run = service?.scheduler?.activeRun(subject) ?? null;
  if (run === null || run.startedAt === null) return;
  const message = `connector "${subject}" is running: ${run.request.runId}`;
  throw new ConnectorError("CONNECTOR_LOCKED", message, { subject });
}

/** No run may be active: it would write the ledger again. `done` receives the number of removed ledger rows. */
async function forget(
  context: OperationContext,
  { connectorId, keepLedger }: z.infer<typeof input>,
  done: { forgotten: number },
): Promise<void> {
  await forgetSchedule(context, connectorId);
  await context.service?.connectorsChanged();
  if (keepLedger) return;
  const { state } = context.services;
  await state.pushed.forget(connectorId);
  done.forgotten = await state.resetConnector(connectorId);
}

/** Otherwise a connector created later with the same id would start paused. */
async function forgetSchedule({ services, service }: OperationContext, id: string): Promise<void> {
  const scheduler = service?.scheduler ?? null;
  const isScheduled = scheduler?.list().some(({ state }) => state.connectorId === id) ?? false;
  if (isScheduled) await scheduler?.remove(id, { forget: true });
  await services.state.forgetConnector(id);
}
