import * as z from "zod";
import type { StoredAlert } from "../../state/notification-store.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";

/** An alert as `--json` and the API show it. */
export const alertSchema = z.strictObject({
  id: z.string(),
  rule: z.string(),
  connectorId: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  since: instantSchema,
  lastToldAt: instantSchema,
  resolvedAt: instantSchema.nullable().describe("null while the condition lasts"),
});

export function alertJson(alert: StoredAlert): z.infer<typeof alertSchema> {
  const { id, rule, connectorId, title, text, since, lastToldAt, resolvedAt } = alert;
  return {
    id,
    rule,
    connectorId,
    title,
    text,
    since: isoInstant(since),
    lastToldAt: isoInstant(lastToldAt),
    resolvedAt: resolvedAt === null ? null : isoInstant(resolvedAt),
  };
}
