import * as z from "zod";
import { type LedgerRow, ledgerStatuses } from "../../domain/ledger-row.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** A ledger row as `--json` prints it: everything but the memory's full text. */
export const ledgerEntrySchema = z.strictObject({
  connectorId: z.string(),
  contextId: z.string(),
  memoryId: z.string(),
  status: z.enum(ledgerStatuses),
  fileSource: z.string(),
  documentId: z.string().nullable(),
  trackId: z.string().nullable(),
  contentHash: z.string().nullable(),
  attempts: countSchema,
  nextAttemptAt: instantSchema.nullable(),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  skipReason: z.string().nullable(),
  recordedAt: instantSchema.nullable(),
  firstSeenAt: instantSchema,
  changedAt: instantSchema,
  location: z.strictObject({ lat: z.number(), lon: z.number() }).nullable(),
  place: z.string().nullable().describe("the name of its place"),
  tags: z.array(z.string()),
  people: z.array(z.string()),
  text: z
    .string()
    .nullable()
    .describe("the beginning of its words, as far as `state.keep_text` lets the ledger keep any"),
});

export function ledgerEntry(row: LedgerRow): z.infer<typeof ledgerEntrySchema> {
  return {
    connectorId: row.connectorId,
    contextId: row.contextId,
    memoryId: row.memoryId,
    status: row.status,
    fileSource: row.fileSource,
    documentId: row.documentId,
    trackId: row.trackId,
    contentHash: row.contentHash,
    attempts: row.attempts,
    nextAttemptAt: orNull(row.nextAttemptAt),
    error:
      row.error === null ? null : { code: row.error.code, message: row.error.message, hint: row.error.hint },
    skipReason: row.skipReason,
    recordedAt: orNull(row.memoryCreatedAt),
    firstSeenAt: isoInstant(row.firstSeenAt),
    changedAt: isoInstant(row.changedAt),
    location: row.location,
    place: row.facets.place.length === 0 ? null : row.facets.place.join(", "),
    tags: [...row.facets.tags],
    people: [...row.facets.people],
    text: row.text,
  };
}

function orNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoInstant(epochMs);
}
