import { applyEvent, isErased } from "../domain/ledger.ts";
import { isGroup, type LedgerRow } from "../domain/ledger-row.ts";
import { erasureId, erasureOf, type StoredErasure } from "./erasure-store.ts";
import { connectorOf } from "./ownership.ts";
import type { StateEntry, StoredRecord } from "./state-content.ts";

/**
 * Merges the erasures of one state into the content of another that may be older: the result has the erasures of both. Every entry
 * goes through `pass`, and `rest` completes the result.
 */
export class KeptErasures {
  readonly #kept = new Map<string, StoredRecord>();
  readonly #seen = new Set<string>();
  /** Documents of groups are held back until it is known which of their notes are erased. */
  readonly #groups: LedgerRow[] = [];
  readonly #touched = new Set<string>();
  readonly #now: number;

  constructor(kept: Iterable<StoredRecord>, now: number) {
    for (const erasure of kept) this.#kept.set(erasure.id, erasure);
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** The entry with erasures applied; null where it is part of the rest. */
  pass(entry: StateEntry): StateEntry | null {
    if (entry.section === "ledger") return this.#passRow(entry.record);
    if (isErasure(entry)) this.#seen.add(entry.record.id);
    return entry;
  }

  /** The erasures missing from the entries, and the documents of groups. */
  *rest(): Generator<StateEntry> {
    for (const group of this.#groups)
      yield { section: "ledger", record: this.#touches(group) ? rebuilt(group, this.#now) : group };
    for (const [id, record] of this.#kept) if (!this.#seen.has(id)) yield { section: "records", record };
  }

  #passRow(row: LedgerRow): StateEntry | null {
    if (isErased(row)) this.#kept.set(erasureId(row), this.#kept.get(erasureId(row)) ?? erasureOf(row));
    if (this.isEmpty || isErased(row)) return { section: "ledger", record: row };
    if (isGroup(row)) {
      this.#groups.push(row);
      return null;
    }
    if (!this.#kept.has(erasureId(row))) return { section: "ledger", record: row };
    if (row.groupKey !== null) this.#touched.add(groupId(row));
    return { section: "ledger", record: applyEvent(row, { type: "erase" }, this.#now) };
  }

  #touches(group: LedgerRow): boolean {
    return this.#touched.has(groupId(group));
  }
}

/** The erasures of one connector among the entries, or all of them with null. */
export function* erasuresAmong(
  entries: Iterable<StateEntry>,
  connectorId: string | null,
): Generator<StoredRecord> {
  for (const entry of entries) {
    const isAsked = connectorId === null || connectorOf(entry) === connectorId;
    if (isAsked && isErasure(entry)) yield entry.record;
  }
}

function isErasure(
  entry: StateEntry,
): entry is { section: "records"; record: StoredRecord & { content: StoredErasure } } {
  return entry.section === "records" && entry.record.collection === "erasure";
}

function groupId({ connectorId, contextId, groupKey }: LedgerRow): string {
  return JSON.stringify([connectorId, contextId, groupKey]);
}

/** As after `invalidate`, from every status: the next run renders the document again from the remaining notes. */
function rebuilt(group: LedgerRow, now: number): LedgerRow {
  if (group.status === "deleted" || group.status === "skipped") return group;
  return {
    ...group,
    status: "discovered",
    contentHash: null,
    sourceHash: null,
    trackId: null,
    attempts: 0,
    nextAttemptAt: null,
    error: null,
    skipReason: null,
    deleteReason: null,
    missing: null,
    payload: null,
    changedAt: now,
  };
}
