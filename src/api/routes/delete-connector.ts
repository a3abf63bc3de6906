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
    "LightRAG keeps its documents. Without `keep_ledger=true` what is known of its memories is forgotten, too; its history stays.",
  params: connectorId,
  query: z.object({ keep_ledger: z.enum(["true", "false"]).default("false") }),
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
  { app, scheduler, connectorsChanged }: ApiParts,
  id: string,
  ifVersion: number | null,
  keepLedger: boolean,
): Promise<number> {
  const lock = await app.state.lockConnector(id);
  try {
    await app.connectors.remove(id, ifVersion);
    await connectorsChanged();
    if (keepLedger) return 0;
    if (scheduler === null) await app.state.removeSchedule(id);
    return await app.state.resetConnector(id);
  } finally {
    await lock.release();
  }
}
