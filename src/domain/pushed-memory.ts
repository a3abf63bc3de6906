import type { LedgerKey } from "./ledger-row.ts";
import type { Memory } from "./memory.ts";

/** A memory that a program has sent, as it is kept: nobody else has a list of it. */
export interface PushedMemory extends LedgerKey {
  /**
   * Its place among the changes of its connector, from 1. Each change has a greater one than all before it, and none comes twice: a
   * deleted or erased memory keeps its entry.
   */
  number: number;
  /** When this change came, or was signed; never before the change that it follows. Milliseconds since the epoch. */
  pushedAt: number;
  /** Null for one that was deleted, or erased: then nothing is kept of it but its ids. */
  memory: Memory | null;
}

/** What a program sends: a memory, or the word that one is gone. */
export type PushedChange = { memory: Memory } | { deleted: string };

export const pushOutcomes = ["accepted", "updated", "unchanged", "deleted", "erased"] as const;

/**
 * What became of a change. `unchanged`: the same is kept already, or a later form, or a deletion that came later, or there is nothing to delete. `erased`: it was erased
 * on request, and is not taken up again.
 */
export type PushOutcome = (typeof pushOutcomes)[number];

/** The memories that programs have sent, by connector and context. */
export interface PushedMemories {
  /**
   * Takes the changes in their order, all of them or none; what it answers is in that order, too. Durable when it resolves. `at`: when they
   * came, or where they are signed, when that was: those signed before the second of what is kept count as `unchanged`.
   */
  take(
    scope: Omit<LedgerKey, "memoryId">,
    changes: readonly PushedChange[],
    at: number,
    options?: { isSigned: boolean },
  ): Promise<PushOutcome[]>;
  /** Whether a text of the memory is kept. */
  has(key: LedgerKey): Promise<boolean>;
  /** At most `limit` entries of a context whose numbers are greater than `after`, in the order of the numbers. */
  changes(scope: Omit<LedgerKey, "memoryId">, after: number, limit: number): Promise<PushedMemory[]>;
  /** The number of the newest change of a connector, over all of its contexts; 0 where there is none. */
  newest(connectorId: string): Promise<number>;
  /** Forgets all that was sent to a connector. */
  forget(connectorId: string): Promise<void>;
}
