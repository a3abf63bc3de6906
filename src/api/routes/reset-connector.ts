import * as z from "zod";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const resetConnector = route({
  method: "POST",
  path: "/connectors/{id}/reset",
  access: "admin",
  tag: "Connectors",
  summary: "Forget what is known of a connector's memories",
  details:
    "History and LightRAG stay, and what was erased stays erased. The next run looks at every memory again and adopts the documents that fit.",
  params: connectorId,
  status: 200,
  answer: z.strictObject({
    connectorId: z.string(),
    forgotten: z.int(),
    staysErased: z.int().describe("memories that stay erased"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_LOCKED"],
  changes: ["connector.reset"],
  handle: async ({ params: { id } }, { app }) => {
    app.connector(id);
    const lock = await app.state.lockConnector(id);
    try {
      const forgotten = await app.state.resetConnector(id);
      const staysErased = await app.state.erasures.count(id);
      return {
        body: { connectorId: id, forgotten, staysErased },
        change: { action: "connector.reset", subject: id, after: { forgotten, staysErased } },
      };
    } finally {
      await lock.release();
    }
  },
});
