import * as z from "zod";
import { auditEntryJson, auditEntrySchema } from "../../json/audit-json.ts";
import { pageEnd, pageQuery } from "../../operations/page.ts";
import { route } from "../route.ts";

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const auditLog = route({
  method: "GET",
  path: "/audit",
  access: "admin",
  tag: "Service",
  summary: "List who changed what, newest first",
  details:
    "Changes made through the API and on the command line. `memory-connector audit verify` checks the chain.",
  query: z.object({
    ...pageQuery,
    actor: z.string().max(200).optional().describe("id or name of a key, or a user's name"),
    action: z.string().max(100).optional().describe("such as `connector.replace`, or all of `connector`"),
    subject: z.string().max(1000).optional().describe("id of a connector, a key or a memory"),
    since: instant.optional().describe("not before this moment"),
    until: instant.optional().describe("not after this moment"),
  }),
  status: 200,
  answer: z.strictObject({ entries: z.array(auditEntrySchema), ...pageEnd }),
  errors: ["STATE_CURSOR_INVALID"],
  handle: async ({ query }, { app }) => {
    const { entries, next } = await app.audit.list(query);
    return { body: { entries: entries.map(auditEntryJson), next } };
  },
});
