import { createHash } from "node:crypto";
import type { LedgerKey, LedgerRow } from "../domain/ledger-row.ts";

/**
 * A memory erased on request: it is never ingested again, whatever else is deleted. Stored under `erasureId`, so that the record
 * does not reveal the memory's id.
 */
export interface StoredErasure {
  connectorId: string;
  /** Milliseconds since the epoch. */
  erasedAt: number;
}

/** The memories that stay erased. They outlive a reset, the removal of their connector, and every restore. */
export interface ErasureStore {
  /** Marks memories as erased: their rows can then be saved only as erased; others are refused with `MEMORY_ERASED`. */
  add(key: LedgerKey, at: number): Promise<void>;
  /** Those of the memories that are erased. */
  among(scope: Omit<LedgerKey, "memoryId">, memoryIds: readonly string[]): Promise<Set<string>>;
  /** Allows the memory to be ingested again. False when it was not erased. */
  remove(key: LedgerKey): Promise<boolean>;
  count(connectorId: string): Promise<number>;
}

/** SHA-256 over the three ids, in hex: the same in every state, so that the lists of two states can be merged. */
export function erasureId({ connectorId, contextId, memoryId }: LedgerKey): string {
  return createHash("sha256")
    .update(JSON.stringify([connectorId, contextId, memoryId]))
    .digest("hex");
}

/** The erasure of an erased memory's row, as a record of the small collections. */
export function erasureOf(row: LedgerRow) {
  const { connectorId, changedAt } = row;
  const content: StoredErasure = { connectorId, erasedAt: changedAt };
  return { collection: "erasure", id: erasureId(row), content };
}
