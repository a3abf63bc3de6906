import * as z from "zod";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { countSchema } from "../runs/run-json.ts";

export const resetConnector = operation({
  name: "connector.reset",
  tag: "Connectors",
  summary: "Forget what is known of a connector's memories",
  details:
    "Removes the connector's ledger rows and sync state; its history stays, and so does everything in LightRAG. The next run looks at " +
    "every memory again: documents that LightRAG holds with the same text are adopted without being sent, others are replaced. What was " +
    "erased stays erased.",
  access: "admin",
  input: connectorInput,
  output: z.strictObject({
    connectorId: z.string(),
    forgotten: countSchema,
    staysErased: countSchema.describe("memories that stay erased"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED"],
  changes: ["connector.reset"],
  run: async ({ services, record }, { connectorId }) => {
    services.connector(connectorId);
    const { state } = services;
    const lock = await state.lockConnector(connectorId);
    try {
      const forgotten = await state.resetConnector(connectorId);
      const staysErased = await state.erasures.count(connectorId);
      await record({ action: "connector.reset", subject: connectorId, after: { forgotten, staysErased } });
      return { connectorId, forgotten, staysErased };
    } finally {
      await lock.release();
    }
  },
});
