import { applyEvent, isErased } from "../domain/ledger.ts";
import { isGroup, type LedgerRow } from "../domain/ledger-row.ts";
import {
  erasureId,
  erasureOf,
  type StoredErasure,
  type StoredSources,
  widerErasure,
} from "./erasure-store.ts";
import type { StateEntries, StateEntry, StoredRecord } from "./state-content.ts";

/**
 * Merges the erasures of one state into the content of another that may be older: the result has the erasures of both, and what they count by. Every
 * entry goes through `pass`, and `rest` completes the result.
 */
export class KeptErasures {
  readonly #kept = new Map<string, StoredRecord>();
  /** By connector. */
  readonly #sources = new Map<string, StoredSources>();
  readonly #seen = new Set<string>();
  /** Documents of groups are held back until it is known which of their notes are erased. */
  readonly #groups: LedgerRow[] = [];
  readonly #touched = new Set<string>();
  readonly #now: number;

  constructor(kept: Iterable<StoredRecord>, now: number) {
    for (const record of kept) {
      const entry: StateEntry = { section: "records", record };
      if (isErasure(entry)) this.#kept.set(record.id, record);
      if (isSources(entry)) this.#join(entry.record.content);
    }
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** The entry with erasures applied; null where it is part of the rest. */
  pass(entry: StateEntry): StateEntry | null {
    if (entry.section === "ledger") return this.#passRow(entry.record);
    if (entry.section === "pushed") return this.#passPushed(entry);
    if (isErasure(entry)) return this.#passErasure(entry);
    if (!isSources(entry)) return entry;
    this.#join(entry.record.content);
    return null;
  }

  /** The erasures missing from the entries, and the documents of groups. */
  *rest(): Generator<StateEntry> {
    for (const group of this.#groups)
      yield { section: "ledger", record: this.#touches(group) ? rebuilt(group, this.#now) : group };
    for (const [id, record] of this.#kept) if (!this.#seen.has(id)) yield { section: "records", record };
    for (const [id, content] of this.#sources)
      yield { section: "records", record: { collection: "source", id, content } };
  }

  #passErasure({ section, record }: RecordEntry<StoredErasure>): StateEntry {
    this.#seen.add(record.id);
    const kept = this.#kept.get(record.id)?.content as StoredErasure | undefined;
    const content = kept === undefined ? record.content : widerErasure(kept, record.content);
    return { section, record: { ...record, content } };
  }

  #passPushed(entry: Extract<StateEntry, { section: "pushed" }>): StateEntry {
    const { record } = entry;
    if (record.memory === null || !this.#kept.has(erasureId(record))) return entry;
    return { ...entry, record: { ...record, memory: null } };
  }

  #join({ connectorId, sources }: StoredSources): void {
    const known = this.#sources.get(connectorId)?.sources ?? [];
    this.#sources.set(connectorId, { connectorId, sources: [...new Set([...known, ...sources])] });
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

/** The erasures of one connector, or all of them with null, with the sources that they count by. */
export async function erasuresAmong(
  entries: StateEntries,
  connectorId: string | null,
): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  for await (const entry of entries) {
    const isOne =
      isErasure(entry) && (connectorId === null || entry.record.content.connectorId === connectorId);
    if (isOne || isSources(entry)) found.push(entry.record);
  }
  return found;
}

type RecordEntry<Content> = { section: "records"; record: StoredRecord & { content: Content } };

function isErasure(entry: StateEntry): entry is RecordEntry<StoredErasure> {
  return entry.section === "records" && entry.record.collection === "erasure";
}

/** What connectors read, by which erasures count: it says nothing of a memory. */
export function isSources(entry: StateEntry): entry is RecordEntry<StoredSources> {
  return entry.section === "records" && entry.record.collection === "source";
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
