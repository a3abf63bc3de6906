import {
  type AuditEntry,
  type AuditFact,
  type AuditHead,
  type Checkpoint,
  chained,
  checkpointAction,
  isAuditEntry,
} from "./audit-entry.ts";
import type { AuditPageRequest, AuditStore, StoredAuditEntry } from "./audit-store.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

/** Entries read at a time. */
const step = 500;

/** Entries removed by one call, so that a long log does not block the event loop. */
const maxRemoved = 5000;

/**
 * The audit log of the embedded backends. Reading the head, creating the entry and saving both is one unit of work, and units of
 * all processes are serialised: the chain cannot fork.
 */
export function auditOverTables({ table, read, change }: TableAccess<RecordTable>): AuditStore {
  return {
    append: async (fact) => {
      const copy = structuredClone(fact);
      return change(() => append(table, copy));
    },
    page: (request) => read(() => pageOf(table, request)),
    head: () => read(() => storedHead(table)),
    removeBefore: async (before, fact) => {
      const copy = structuredClone(fact);
      return change(() => removeBefore(table, before, copy));
    },
  };
}

function pageOf(table: RecordTable, { after, limit, order }: AuditPageRequest): StoredAuditEntry[] {
  const found = table.page("audit", { after, limit, reverse: order === "newest" });
  return found.map(({ id, record }) => ({ place: id, entry: isAuditEntry(record) ? record : null }));
}

function append(table: RecordTable, fact: AuditFact): AuditEntry {
  const entry = chained(fact, endOf(table));
  table.save("audit", placeOf(entry.number), entry);
  table.save("audit-head", headId, { number: entry.number, hash: entry.hash });
  return entry;
}

/**
 * The head of the chain. It has a record of its own, so that truncated entries leave a gap. If it lags behind the entries, the last
 * of them counts: nothing is overwritten.
 */
function endOf(table: RecordTable): AuditHead | null {
  const [newest] = pageOf(table, { after: null, limit: 1, order: "newest" });
  const last = newest?.entry ?? null;
  const head = storedHead(table);
  return last !== null && last.number > (head?.number ?? 0) ? last : head;
}

function removeBefore(table: RecordTable, before: number, fact: Omit<AuditFact, "action" | "after">): number {
  const old = beginningOlderThan(table, before);
  if (old === null) return 0;
  append(table, { ...fact, action: checkpointAction, after: old.checkpoint });
  table.removeThrough("audit", old.place);
  return old.count;
}

interface Beginning {
  /** Of its last entry. */
  place: string;
  checkpoint: Checkpoint;
  count: number;
}

/** The oldest entries before this time, up to the first that is newer or invalid; null without any. */
function beginningOlderThan(table: RecordTable, before: number): Beginning | null {
  let beginning = null as Beginning | null;
  for (;;) {
    const after = beginning?.place ?? null;
    const page = pageOf(table, { after, limit: step, order: "oldest" });
    for (const { place, entry } of page) {
      if (entry === null || entry.at >= before) return beginning;
      const checkpoint = { removedThrough: entry.number, hash: entry.hash };
      beginning = { place, checkpoint, count: (beginning?.count ?? 0) + 1 };
    }
    if (page.length < step || (beginning?.count ?? 0) >= maxRemoved) return beginning;
  }
}

const headId = "head";

function storedHead(table: RecordTable): AuditHead | null {
  return (table.get("audit-head", headId) ?? null) as AuditHead | null;
}

/** Numbers as strings that sort numerically. */
function placeOf(number: number): string {
  return String(number).padStart(16, "0");
}
