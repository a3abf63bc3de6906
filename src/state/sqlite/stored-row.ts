import type { SQLInputValue } from "node:sqlite";
import { type Facets, noFacets } from "../../domain/facets.ts";
import type { DeleteReason, LedgerRow, LedgerStatus, RowError } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { facetsOfRow } from "../memory-matches.ts";

/** A row as SQL returns it; the STRICT table guarantees the types. */
export interface StoredRow {
  connector_id: string;
  context_id: string;
  memory_id: string;
  status: LedgerStatus;
  version: number;
  content_hash: string | null;
  source_hash: string | null;
  group_key: string | null;
  file_source: string;
  document_id: string | null;
  track_id: string | null;
  attempts: number;
  next_attempt_at: number | null;
  error: string | null;
  skip_reason: string | null;
  delete_reason: DeleteReason | null;
  missing_since: number | null;
  missing_listings: number;
  memory_created_at: number | null;
  first_seen_at: number;
  changed_at: number;
  latitude: number | null;
  longitude: number | null;
  facets: string | null;
  text: string | null;
  history: string;
  memory: string | null;
}

/** Columns that a step of a delivery changes, in the order of `movingValuesOf`. */
export const movingColumns = [
  "status",
  "document_id",
  "track_id",
  "attempts",
  "next_attempt_at",
  "error",
  "skip_reason",
  "delete_reason",
  "missing_since",
  "missing_listings",
  "changed_at",
  "history",
] as const;

/** Columns that say what the memory is, in the order of `describingValuesOf`. */
export const describingColumns = [
  "content_hash",
  "source_hash",
  "group_key",
  "file_source",
  "memory_created_at",
  "first_seen_at",
  "latitude",
  "longitude",
  "facets",
] as const;

/** Columns that a save may change, in the order of `valuesOf`. */
export const columns = [...movingColumns, ...describingColumns, "facet_keys"] as const;

export const rowSource = `ledger LEFT JOIN payload ON payload.row_id = ledger.id
  LEFT JOIN kept_text ON kept_text.row_id = ledger.id`;
export const rowColumns = "ledger.*, payload.memory, kept_text.text";
export const selectRow = `SELECT ${rowColumns} FROM ${rowSource}`;

/** The values of `columns`. */
export function valuesOf(row: LedgerRow): SQLInputValue[] {
  const facets = facetsOfRow(row);
  const keys = facets.map(({ kind, key, name }) => [kind, key, name]);
  return [
    ...movingValuesOf(row),
    ...describingValuesOf(row),
    keys.length === 0 ? null : JSON.stringify(keys),
  ];
}

/** The values of `movingColumns`. */
export function movingValuesOf(row: LedgerRow): SQLInputValue[] {
  return [
    row.status,
    row.documentId,
    row.trackId,
    row.attempts,
    row.nextAttemptAt,
    row.error === null ? null : JSON.stringify(row.error),
    row.skipReason,
    row.deleteReason,
    row.missing?.since ?? null,
    row.missing?.listings ?? 0,
    row.changedAt,
    row.history,
  ];
}

/** The values of `describingColumns`. */
export function describingValuesOf(row: LedgerRow): SQLInputValue[] {
  return [
    row.contentHash,
    row.sourceHash,
    row.groupKey,
    row.fileSource,
    row.memoryCreatedAt,
    row.firstSeenAt,
    row.location?.lat ?? null,
    row.location?.lon ?? null,
    isEmpty(row.facets) ? null : JSON.stringify(row.facets),
  ];
}

const isEmpty = ({ place, tags, people, media = [] }: Facets) =>
  place.length + tags.length + people.length + media.length === 0;

/** The row that SQL returned. */
export function rowOf(stored: StoredRow): LedgerRow {
  return {
    connectorId: stored.connector_id,
    contextId: stored.context_id,
    memoryId: stored.memory_id,
    status: stored.status,
    version: stored.version,
    contentHash: stored.content_hash,
    sourceHash: stored.source_hash,
    groupKey: stored.group_key,
    fileSource: stored.file_source,
    documentId: stored.document_id,
    trackId: stored.track_id,
    attempts: stored.attempts,
    nextAttemptAt: stored.next_attempt_at,
    error: stored.error === null ? null : (JSON.parse(stored.error) as RowError),
    skipReason: stored.skip_reason,
    deleteReason: stored.delete_reason,
    missing:
      stored.missing_since === null
        ? null
        : { since: stored.missing_since, listings: stored.missing_listings },
    memoryCreatedAt: stored.memory_created_at,
    firstSeenAt: stored.first_seen_at,
    changedAt: stored.changed_at,
    location:
      stored.latitude === null || stored.longitude === null
        ? null
        : { lat: stored.latitude, lon: stored.longitude },
    facets: stored.facets === null ? noFacets : (JSON.parse(stored.facets) as Facets),
    text: stored.text,
    history: stored.history,
    payload: stored.memory === null ? null : (JSON.parse(stored.memory) as Memory),
  };
}
