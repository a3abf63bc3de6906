import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { foldText } from "../../kernel/util/text.ts";
import { facetsOfRow } from "../memory-matches.ts";
import { ageWithoutTime } from "../row-rules.ts";
import { numberOf, numberOrNull } from "./sql-pool.ts";
import { isShortened, keyOf, storedText, textOf } from "./stored-text.ts";

/** Columns in the order of `valuesOf`, with their types in SQL. */
export const inputColumns = [
  ["connector_id", "text"],
  ["context_id", "text"],
  ["memory_id", "text"],
  ["version", "integer"],
  ["status", "text"],
  ["age", "bigint"],
  ["next_attempt_at", "bigint"],
  ["group_key", "text"],
  ["is_group", "boolean"],
  ["skip_reason", "text"],
  ["details", "text"],
  ["facets", "text"],
  ["kept_text", "text"],
  ["kept_length", "integer"],
  ["folded", "text"],
  ["payload", "text"],
  ["keeps_payload", "boolean"],
] as const;

/** What a row is not found by, as JSON. */
type Details = Pick<
  LedgerRow,
  | "contentHash"
  | "sourceHash"
  | "fileSource"
  | "documentId"
  | "trackId"
  | "attempts"
  | "error"
  | "deleteReason"
  | "missing"
  | "firstSeenAt"
  | "changedAt"
  | "location"
  | "facets"
  | "history"
> & {
  /** Connector, context, memory and group, where one of them is too long for a key. */
  ids?: [string, string, string, string | null];
};

/** `keepsPayload`: the stored payload is this one, and need not travel. */
export function valuesOf(row: LedgerRow, keepsPayload: boolean): unknown[] {
  const keys = [keyOf(row.connectorId), keyOf(row.contextId), keyOf(row.memoryId)];
  const groupKey = row.groupKey === null ? null : keyOf(row.groupKey);
  const facets = facetsOfRow(row).map(({ kind, key, name }) => [kind, keyOf(key), storedText(name)]);
  const { text, payload } = row;
  return [
    ...keys,
    row.version,
    row.status,
    row.memoryCreatedAt ?? ageWithoutTime,
    row.nextAttemptAt,
    groupKey,
    isGroup(row),
    row.skipReason === null ? null : storedText(row.skipReason),
    JSON.stringify(detailsOf(row, [...keys, groupKey ?? ""].some(isShortened))),
    facets.length === 0 ? null : JSON.stringify(facets),
    ...keptValues(text),
    payload === null || keepsPayload ? null : JSON.stringify(payload),
    keepsPayload,
  ];
}

/** The stored text, its length in code points, and its folded form, in which words are searched. */
export function keptValues(text: string | null): [string | null, number | null, string | null] {
  return text === null
    ? [null, null, null]
    : [storedText(text), [...text].length, storedText(foldText(text))];
}

function detailsOf(row: LedgerRow, hasLongIds: boolean): Details {
  const { contentHash, sourceHash, fileSource, documentId, trackId, attempts, error } = row;
  const { deleteReason, missing, firstSeenAt, changedAt, location, facets, history } = row;
  return {
    ...{ contentHash, sourceHash, fileSource, documentId, trackId, attempts, error },
    ...{ deleteReason, missing, firstSeenAt, changedAt, location, facets, history },
    ...(hasLongIds && { ids: [row.connectorId, row.contextId, row.memoryId, row.groupKey] }),
  };
}

export const rowColumns =
  "connector_id, context_id, memory_id, version, status, age, next_attempt_at, group_key, skip_reason, details, kept_text, payload";

/** The row of `rowColumns`. */
export function rowOf(stored: Record<string, unknown>): LedgerRow {
  const { ids, ...details } = JSON.parse(String(stored.details)) as Details;
  const age = numberOf(stored.age);
  const [connectorId, contextId, memoryId, groupKey] = ids ?? [
    textOf(String(stored.connector_id)),
    textOf(String(stored.context_id)),
    textOf(String(stored.memory_id)),
    orNull(stored.group_key, textOf),
  ];
  return {
    ...{ connectorId, contextId, memoryId, groupKey },
    ...details,
    status: stored.status as LedgerRow["status"],
    version: numberOf(stored.version),
    nextAttemptAt: numberOrNull(stored.next_attempt_at),
    skipReason: orNull(stored.skip_reason, textOf),
    memoryCreatedAt: age === ageWithoutTime ? null : age,
    text: orNull(stored.kept_text, textOf),
    payload: orNull(stored.payload, (payload) => JSON.parse(payload) as Memory),
  };
}

function orNull<T>(stored: unknown, read: (text: string) => T): T | null {
  return stored === null || stored === undefined ? null : read(String(stored));
}
