import * as z from "zod";
import { ledgerStatuses } from "../../domain/ledger-row.ts";
import { connectorIdField, pageEnd, pageQuery } from "../fields.ts";
import { ledgerEntries, ledgerEntrySchema } from "../memories/ledger-entry.ts";
import { operation } from "../operation.ts";

export const listItems = operation({
  name: "connector.items",
  tag: "Connectors",
  summary: "List a connector's memories: everything that is known of them but their words",
  access: "viewer",
  input: z.strictObject({
    connectorId: connectorIdField,
    ...pageQuery,
    status: z.enum(ledgerStatuses).optional().describe("only those that stand here"),
  }),
  output: z.strictObject({ items: z.array(ledgerEntrySchema), ...pageEnd }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: async ({ services }, { connectorId, status, ...page }) => {
    services.connector(connectorId);
    const statuses = status === undefined ? undefined : [status];
    const { rows, next } = await services.state.pageRows({ connectorId, statuses }, page);
    return { items: ledgerEntries(services, rows), next };
  },
});
