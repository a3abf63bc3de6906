import {
  type AuditEntry,
  type AuditFact,
  type AuditHead,
  type Checkpoint,
  chained,
  checkpointAction,
} from "./audit-entry.ts";
import type { AuditPageRequest, AuditStore, StoredAuditEntry } from "./audit-store.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

/** Entries that are looked at in one go. */
const step = 500;

/**
 * The audit log of the embedded backends. Reading the head, making the entry and saving both is one unit of work, and units of all
 * processes come one after the other: the chain cannot fork.
 */
export function embeddedAudit({ table, read, change }: TableAccess<RecordTable>): AuditStore {
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
  return found.map(({ id, record }) => ({ place: id, entry: record as AuditEntry }));
}

function append(table: RecordTable, fact: AuditFact): AuditEntry {
  const entry = chained(fact, endOf(table));
  table.save("audit", placeOf(entry.number), entry);
  table.save("audit-head", headId, { number: entry.number, hash: entry.hash });
  return entry;
}

/**
 * Where the chain goes on. The head stands in a record of its own, so that entries that were cut off at the end leave a gap. Should it
 * be behind the entries, the last of them counts: nothing is overwritten.
 */
function endOf(table: RecordTable): AuditHead | null {
  const [last] = pageOf(table, { after: null, limit: 1, order: "newest" });
  const head = storedHead(table);
  return last !== undefined && last.entry.number > (head?.number ?? 0) ? last.entry : head;
}

function removeBefore(table: RecordTable, before: number, fact: Omit<AuditFact, "action" | "after">): number {
  const { last, count } = lastOlderThan(table, before);
  if (last === null) return 0;
  const checkpoint: Checkpoint = { removedThrough: last.entry.number, hash: last.entry.hash };
  append(table, { ...fact, action: checkpointAction, after: checkpoint });
  table.removeThrough("audit", last.place);
  return count;
}

/** The last of the entries at the beginning of the log that are older than this moment, and how many they are. */
function lastOlderThan(table: RecordTable, before: number) {
  let last: StoredAuditEntry | null = null;
  for (let count = 0; ; ) {
    const page = pageOf(table, { after: last?.place ?? null, limit: step, order: "oldest" });
    for (const stored of page) {
      if (stored.entry.at >= before) return { last, count };
      last = stored;
      count += 1;
    }
    if (page.length < step) return { last, count };
  }
}

const headId = "head";

function storedHead(table: RecordTable): AuditHead | null {
  return (table.get("audit-head", headId) ?? null) as AuditHead | null;
}

/** Numbers as texts that sort as the numbers do. */
function placeOf(number: number): string {
  return String(number).padStart(16, "0");
}
