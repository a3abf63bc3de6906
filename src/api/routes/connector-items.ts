import * as z from "zod";
import { rowJson, rowSchema } from "../../json/row-json.ts";
import { ledgerStatuses } from "../../state/ledger-row.ts";
import { pageEnd, pageQuery } from "../page.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const connectorItems = route({
  method: "GET",
  path: "/connectors/{id}/items",
  access: "viewer",
  tag: "Connectors",
  summary: "List a connector's memories: everything that is known of them but their words",
  params: connectorId,
  query: z.object({
    ...pageQuery,
    status: z.enum(ledgerStatuses).optional().describe("only those that stand here"),
  }),
  status: 200,
  answer: z.strictObject({ items: z.array(rowSchema), ...pageEnd }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  handle: async ({ params: { id }, query: { status, ...page } }, { app }) => {
    app.connector(id);
    const statuses = status === undefined ? undefined : [status];
    const { rows, next } = await app.state.pageRows({ connectorId: id, statuses }, page);
    return { body: { items: rows.map(rowJson), next } };
  },
});
