import * as z from "zod";
import { type LedgerRow, ledgerStatuses } from "../../domain/ledger-row.ts";
import type { Services } from "../operation-context.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";
import { localTimeText } from "./calendar.ts";

/** When a memory was recorded, as the clocks showed it whose days the timeline counts. */
export const localSchema = z
  .strictObject({
    date: z.string().describe("`2025-01-31`"),
    time: z.iso.datetime({ offset: true }).describe("RFC 3339, with the offset of the zone"),
    timeZone: z.string().describe("of its connector, unless another was asked for"),
  })
  .nullable()
  .describe("`recordedAt` by the clocks of its calendar; null where that is");

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
  local: localSchema,
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

/** The entries of rows, by the calendar of each connector or of `timezone`. Throws `CONNECTOR_UNKNOWN`. */
export function ledgerEntries(
  services: Pick<Services, "connector">,
  rows: readonly LedgerRow[],
  timezone?: string,
): LedgerEntry[] {
  return rows.map((row) => ledgerEntry(services, row, timezone));
}

type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** The same for one row. */
export function ledgerEntry(
  services: Pick<Services, "connector">,
  row: LedgerRow,
  timezone: string = services.connector(row.connectorId).timezone,
): LedgerEntry {
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
    local: localJson(row.memoryCreatedAt, timezone),
    firstSeenAt: isoInstant(row.firstSeenAt),
    changedAt: isoInstant(row.changedAt),
    location: row.location,
    place: row.facets.place.length === 0 ? null : row.facets.place.join(", "),
    tags: [...row.facets.tags],
    people: [...row.facets.people],
    text: row.text,
  };
}

/** A moment by the clocks of a zone. */
export function localJson(epochMs: number | null, timeZone: string): z.infer<typeof localSchema> {
  if (epochMs === null) return null;
  const time = localTimeText(epochMs, timeZone);
  return { date: time.slice(0, time.indexOf("T")), time, timeZone };
}

function orNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoInstant(epochMs);
}
