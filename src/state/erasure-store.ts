import { createHash } from "node:crypto";
import type { LedgerKey, LedgerRow } from "../domain/ledger-row.ts";

/**
 * A memory that a person had erased: it is never taken up again, whatever else is forgotten. Kept under `erasureId`, so that nothing
 * here tells what the memory was called.
 */
export interface StoredErasure {
  connectorId: string;
  /** Milliseconds since the epoch. */
  erasedAt: number;
}

/** The memories that stay erased. They outlive a reset, the removal of their connector, and every restore. */
export interface ErasureStore {
  /** From now on a row of the memory can be saved only as an erased one; others are refused with `MEMORY_ERASED`. */
  add(key: LedgerKey, at: number): Promise<void>;
  /** Those of the memories that stay erased. */
  among(scope: Omit<LedgerKey, "memoryId">, memoryIds: readonly string[]): Promise<Set<string>>;
  /** The memory may be taken up again. False when nothing kept it away. */
  remove(key: LedgerKey): Promise<boolean>;
  count(connectorId: string): Promise<number>;
}

/** SHA-256 over the three ids, in hex: the same in every state, so that the lists of two states can be joined. */
export function erasureId({ connectorId, contextId, memoryId }: LedgerKey): string {
  return createHash("sha256")
    .update(JSON.stringify([connectorId, contextId, memoryId]))
    .digest("hex");
}

/** The erasure that the row of an erased memory stands for, as a record of the small collections. */
export function erasureOf(row: LedgerRow) {
  const { connectorId, changedAt } = row;
  const content: StoredErasure = { connectorId, erasedAt: changedAt };
  return { collection: "erasure", id: erasureId(row), content };
}
