import type { LedgerRow } from "../domain/ledger-row.ts";
import type { PushedMemory } from "../domain/pushed-memory.ts";
import type { RunRecord } from "../domain/run-record.ts";
import { compareCodePoints } from "../kernel/util/code-point-order.ts";
import type { CacheValue } from "../kernel/util/value-cache.ts";
import type { ScheduleState } from "./schedule-state.ts";
import type { SyncState } from "./state-manager.ts";

/** A record of the small collections, see `RecordTable`. */
export interface StoredRecord {
  collection: string;
  id: string;
  content: unknown;
}

/** A cached value, see `ValueTable`. */
export interface StoredValue {
  key: string;
  putAt: number;
  value: CacheValue;
}

/** The content of a state store, by section. */
export interface StateSections {
  ledger: LedgerRow;
  syncStates: SyncState;
  runs: RunRecord;
  schedules: ScheduleState;
  records: StoredRecord;
  values: StoredValue;
  pushed: PushedMemory;
}

export type SectionName = keyof StateSections;

/** In the order in which they are written to files. */
export const sectionNames = [
  "ledger",
  "syncStates",
  "runs",
  "schedules",
  "records",
  "values",
  "pushed",
] as const satisfies readonly SectionName[];

/** One record, with the section that it belongs to. */
export type StateEntry = {
  [Section in SectionName]: { section: Section; record: StateSections[Section] };
}[SectionName];

/** Of a record that may be something else. */
export function isStateEntry(entry: { section: string }): entry is StateEntry {
  return sectionNames.some((name) => name === entry.section);
}

/** A snapshot of a state, isolated from concurrent writes. */
export interface StateSnapshot {
  /** Section by section; within one in an order that does not depend on the backend. May be walked once. */
  entries(): StateEntries;
  close(): void | Promise<void>;
}

/** Those of a file are at hand, those of a database come in pages. */
export type StateEntries = Iterable<StateEntry> | AsyncIterable<StateEntry>;

/** A state that no other process changes meanwhile, to be replaced as a whole. */
export interface ReplaceableState {
  /** Its content; null when there is none. */
  openItself(): Promise<StateSnapshot | null>;
  /** That of its newest readable copy; null when it has none. */
  openCopy(): Promise<StateSnapshot | null>;
  /** In one step, once `fill` has ended. Resolves to where the old state is kept; null when there was none. If `fill` throws, nothing has changed. */
  replace(fill: (builder: StateBuilder) => Promise<void>): Promise<string | null>;
}

/** A new state being written. Nothing is durable before `finish`; of a file the caller then syncs it. */
export interface StateBuilder {
  /** Versions are kept as they are. Each record may come once, in any order. To be waited for: a database takes many at a time. */
  add(entry: StateEntry): void | Promise<void>;
  /** Completes the file. */
  finish(): Promise<void>;
  /** Closes it, finished or not. Calling it twice is harmless. */
  close(): void;
}

/** The key of a record in its section; several strings are compared in turn by code points. */
function keyOf({ section, record }: StateEntry): readonly string[] {
  switch (section) {
    case "ledger":
    case "pushed":
      return [record.connectorId, record.contextId, record.memoryId];
    case "syncStates":
      return [record.connectorId, record.contextId];
    case "runs":
      return [record.runId];
    case "schedules":
      return [record.connectorId];
    case "records":
      return [record.collection, record.id];
    case "values":
      return [record.key];
  }
}

/** The order of records within their section. */
export function compareKeys(a: StateEntry, b: StateEntry): number {
  const other = keyOf(b);
  for (const [at, part] of keyOf(a).entries()) {
    const order = compareCodePoints(part, other[at] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
