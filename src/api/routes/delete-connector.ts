import * as z from "zod";
import type { ApiParts } from "../api-parts.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const deleteConnector = route({
  method: "DELETE",
  path: "/connectors/{id}",
  access: "admin",
  tag: "Connectors",
  summary: "Remove a connector",
  details:
    "LightRAG keeps its documents, and the history stays. What is known of its memories is forgotten unless `keep_ledger=true`; its " +
    "pause and its due times are forgotten in any case. What was erased stays erased, also for a connector that is made later under the same id.",
  params: connectorId,
  query: z.object({ keep_ledger: z.enum(["true", "false"]).default("false") }),
  takesIfMatch: true,
  status: 200,
  answer: z.strictObject({
    id: z.string(),
    forgotten: z.int().describe("memories whose ledger rows were removed"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_READ_ONLY", "CONNECTOR_LOCKED", "STATE_CONFLICT"],
  changes: ["connector.remove"],
  handle: async ({ params, query, ifVersion }, parts) => {
    const { settings: before } = parts.app.connectors.changeable(params.id, ifVersion);
    const forgotten = await removeLocked(parts, params.id, ifVersion, query.keep_ledger === "true");
    return {
      body: { id: params.id, forgotten },
      change: { action: "connector.remove", subject: params.id, before, after: { forgotten } },
    };
  },
});

/** No run may be under way: it would write the ledger again. */
async function removeLocked(
  parts: ApiParts,
  id: string,
  ifVersion: readonly number[] | null,
  keepLedger: boolean,
): Promise<number> {
  const { app } = parts;
  const lock = await app.state.lockConnector(id);
  try {
    await app.connectors.remove(id, ifVersion);
    await forgetConnector(parts, id);
    await parts.connectorsChanged();
    return keepLedger ? 0 : await app.state.resetConnector(id);
  } finally {
    await lock.release();
  }
}

/** Otherwise a connector that is made later under the same id would be born paused. */
async function forgetConnector({ app, scheduler }: ApiParts, id: string): Promise<void> {
  const isScheduled = scheduler?.list().some(({ state }) => state.connectorId === id) ?? false;
  if (isScheduled) await scheduler?.remove(id, { forget: true });
  await app.state.forgetConnector(id);
}
