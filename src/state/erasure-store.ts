import { createHash } from "node:crypto";
import type { LedgerKey, LedgerRow } from "../domain/ledger-row.ts";

/**
 * A memory erased on request: it is never ingested again, whatever else is deleted. Stored under `erasureId`, so that the record
 * does not reveal the memory's id.
 */
export interface StoredErasure {
  /** Whose entry it is. */
  connectorId: string;
  /** The connector where it was asked for, when the entry of another one was made with it. */
  origin?: string;
  /** SHA-256 over context and memory id: the same for every connector. Older records have none. */
  memory?: string;
  /** Milliseconds since the epoch. */
  erasedAt: number;
}

/** A memory at a connector, and the connector where its erasure was asked for. */
export interface ErasedPlace extends LedgerKey {
  origin: string;
}

/**
 * The sources that a connector reads or has read, each by its fingerprint. Stored under the connector's id. It outlives the connector: one that
 * takes over its source takes over what was erased.
 */
export interface StoredSources {
  connectorId: string;
  sources: readonly string[];
}

/**
 * The memories that stay erased. An entry of a connector counts for its rows, whatever they are. It also counts for the *companions* of the connector where
 * it was asked for: all that have, or had, a source in common with it, also those that are made later. They do not take up what they do not know yet; what
 * they have already is theirs, until they get an entry of their own. Entries outlive a reset, the removal of their connector, and every restore.
 */
export interface ErasureStore {
  /**
   * Marks a memory as erased: its row can then be saved only as erased, and no companion can make a first row of it; other rows are refused with
   * `MEMORY_ERASED`. `origin` is the connector where it was asked for, when that is another one.
   */
  add(key: LedgerKey, at: number, origin?: string): Promise<void>;
  /** The same for one memory at several places, all or none. */
  addAll(places: readonly ErasedPlace[], at: number): Promise<void>;
  /** Those of the memories that were erased here: they have an entry of this connector. */
  listed(scope: Omit<LedgerKey, "memoryId">, memoryIds: readonly string[]): Promise<Set<string>>;
  /** Those of the memories that were erased here or at a companion. */
  among(scope: Omit<LedgerKey, "memoryId">, memoryIds: readonly string[]): Promise<Set<string>>;
  /** Allows the memory to be ingested again, by all companions. False when it was not erased. */
  remove(key: LedgerKey): Promise<boolean>;
  /** How many memories stay away from this connector. */
  count(connectorId: string): Promise<number>;
  /** The connector and its companions, some of which may be gone. `configured` is what connectors read now, whether a run has seen it or not. */
  companions(connectorId: string, configured?: readonly StoredSources[]): Promise<string[]>;
  /** The connector is configured to read this source now. Nothing is written: it may be a mistake that nobody has read from. */
  supposes(connectorId: string, source: string): void;
  /** From now on the connector has this source. In a state that was opened for reading only, as `supposes`. */
  reads(connectorId: string, source: string): Promise<void>;
}

/** The connector, and those that have a source in common with it. */
export function companionsOf(connectorId: string, known: readonly StoredSources[]): string[] {
  const own = new Set(known.filter((each) => each.connectorId === connectorId).flatMap(sourcesOf));
  const others = known.filter((each) => sourcesOf(each).some((source) => own.has(source)));
  return [...new Set([connectorId, ...others.map((each) => each.connectorId)])];
}

const sourcesOf = ({ sources }: StoredSources) => sources;

/** SHA-256 over the three ids, in hex: the same in every state, so that the lists of two states can be merged. */
export function erasureId({ connectorId, contextId, memoryId }: LedgerKey): string {
  return createHash("sha256")
    .update(JSON.stringify([connectorId, contextId, memoryId]))
    .digest("hex");
}

/** Of two entries of one connector: one that was asked for at the connector itself counts for more of them. */
export function widerErasure(one: StoredErasure, other: StoredErasure): StoredErasure {
  return one.origin !== undefined && other.origin === undefined ? other : one;
}

/** The name of a memory by itself, as an erasure has it. */
export function erasedMemory({ contextId, memoryId }: Omit<LedgerKey, "connectorId">): string {
  return createHash("sha256")
    .update(JSON.stringify([contextId, memoryId]))
    .digest("hex");
}

/** The erasure of an erased memory's row, as a record of the small collections. */
export function erasureOf(row: LedgerRow) {
  const { connectorId, changedAt } = row;
  const content: StoredErasure = { connectorId, erasedAt: changedAt };
  return { collection: "erasure", id: erasureId(row), content };
}
