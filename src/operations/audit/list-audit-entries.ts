import * as z from "zod";
import { instantField } from "../fields.ts";
import { stateOperation } from "../operation.ts";
import { pageEnd, pageQuery } from "../page.ts";
import { auditEntryJson, auditEntrySchema } from "./audit-json.ts";

export const listAuditEntries = stateOperation({
  name: "audit.list",
  tag: "Service",
  summary: "List who changed what, newest first",
  details: "Changes made through the API and on the command line.",
  access: "admin",
  input: z.strictObject({
    ...pageQuery,
    actor: z.string().max(200).optional().describe("id or name of a key, or a user's name"),
    action: z.string().max(100).optional().describe("such as `connector.replace`, or all of `connector`"),
    subject: z.string().max(1000).optional().describe("id of a connector, a key or a memory"),
    since: instantField.optional().describe("not before this moment"),
    until: instantField.optional().describe("not after this moment"),
  }),
  output: z.strictObject({ entries: z.array(auditEntrySchema), ...pageEnd }),
  errors: ["STATE_CURSOR_INVALID"],
  run: async ({ services }, query) => {
    const { entries, next } = await services.audit.list(query);
    return { entries: entries.map(auditEntryJson), next };
  },
});
