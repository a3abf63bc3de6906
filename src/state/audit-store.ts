import type { AuditEntry, AuditFact, AuditHead } from "./audit-entry.ts";

export interface AuditPageRequest {
  /** `place` of the last entry of the previous page; null for the first page. */
  after: string | null;
  limit: number;
  order: "oldest" | "newest";
}

/** An entry and its storage key: its number, unless it was tampered with. */
export interface StoredAuditEntry {
  place: string;
  /** Null when the stored value is not an entry. */
  entry: AuditEntry | null;
}

export interface AuditStore {
  /** Appends an entry. Concurrent calls, also of other processes, are serialised: the chain never forks. */
  append(fact: AuditFact): Promise<AuditEntry>;
  /** Entries as stored, whether the chain is intact or not. */
  page(request: AuditPageRequest): Promise<StoredAuditEntry[]>;
  /** The last appended entry, recorded separately; null before the first one. */
  head(): Promise<AuditHead | null>;
  /**
   * Removes the oldest entries up to this time and appends a checkpoint, atomically. Resolves to the number removed; without any,
   * nothing is appended. One call removes a few thousand at most.
   */
  removeBefore(before: number, fact: Omit<AuditFact, "action" | "after">): Promise<number>;
}
