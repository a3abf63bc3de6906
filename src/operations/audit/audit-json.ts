import * as z from "zod";
import { type AuditEntry, actorKinds } from "../../state/audit-entry.ts";
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

export function auditEntryJson(entry: AuditEntry): z.infer<typeof auditEntrySchema> {
  const { before, after } = entry as { before: z.core.util.JSONType; after: z.core.util.JSONType };
  return { ...entry, at: isoInstant(entry.at), before, after };
}
