import * as z from "zod";
import { auditActions } from "../../access/audit/audit-action.ts";
import { type AuditEntry, actorKinds } from "../../state/audit-entry.ts";
import { knownName, pageEnd, pageQuery, textOf } from "../fields.ts";
import { momentField, spanIn } from "../moments.ts";
import { stateOperation } from "../operation.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";

/** An entry of the audit log as `--json` and the API give it. */
export const auditEntrySchema = z
  .strictObject({
    number: z.int().describe("from 1, without gaps"),
    at: instantSchema,
    actor: z.strictObject({
      kind: z.enum(actorKinds),
      id: z.string().nullable().describe("id of the key, or name of the user"),
      name: z.string().nullable().describe("what people call the key"),
    }),
    from: z.strictObject({
      host: z.string().describe("wrote the entry"),
      address: z.string().nullable().describe("of the caller of the API"),
      requestId: z.string().nullable(),
    }),
    action: z.string(),
    subject: z.string().nullable().describe("what was changed"),
    before: z.unknown().describe("secrets masked; null where there is nothing to show"),
    after: z.unknown().describe("as `before`"),
    previous: z.string().describe("hash of the entry before"),
    hash: z.string(),
  })
  .meta({ id: "AuditEntry" });

function auditEntryJson(entry: AuditEntry): z.infer<typeof auditEntrySchema> {
  const { before, after } = entry as { before: z.core.util.JSONType; after: z.core.util.JSONType };
  return { ...entry, at: isoInstant(entry.at), before, after };
}

/** An action, or all of one subject. */
const subjects = auditActions.map((action) => action.split(".")[0] as string);
const actionField = knownName([...auditActions, ...subjects], "is no action of the audit log");

export const listAuditEntries = stateOperation({
  name: "audit.list",
  tag: "Service",
  summary: "List who changed what, newest first",
  details: "Changes made through the API and on the command line.",
  access: "admin",
  input: z.strictObject({
    ...pageQuery,
    actor: textOf(200).optional().describe("id or name of a key, or a user's name"),
    action: actionField.optional().describe("such as `connector.replace`, or all of `connector`"),
    subject: textOf(1000).optional().describe("id of a connector, a key or a memory"),
    since: momentField.optional().describe("not before this moment, or this day (UTC)"),
    until: momentField.optional().describe("not after this moment, or this day (UTC)"),
  }),
  output: z.strictObject({ entries: z.array(auditEntrySchema), ...pageEnd }),
  errors: ["STATE_CURSOR_INVALID"],
  run: async ({ services }, query) => {
    const { entries, next } = await services.audit.list({ ...query, ...spanIn("UTC", query) });
    return { entries: entries.map(auditEntryJson), next };
  },
});
