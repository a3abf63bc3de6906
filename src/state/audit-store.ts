import type { AuditEntry, AuditFact, AuditHead } from "./audit-entry.ts";

export interface AuditPageRequest {
  /** `place` of the last entry of the page before; null for the first page. */
  after: string | null;
  limit: number;
  order: "oldest" | "newest";
}

/** An entry and where it is stored: under its number, unless somebody meddled with it. */
export interface StoredAuditEntry {
  place: string;
  /** Null when what is stored there is no entry. */
  entry: AuditEntry | null;
}

export interface AuditStore {
  /** Puts the fact behind the last entry. Concurrent calls, from other processes too, come one after the other: the chain never forks. */
  append(fact: AuditFact): Promise<AuditEntry>;
  /** As they are stored, whether the chain holds or not. */
  page(request: AuditPageRequest): Promise<StoredAuditEntry[]>;
  /** What was appended last, kept apart from the entries; null before the first one. */
  head(): Promise<AuditHead | null>;
  /**
   * Removes the entries at the beginning of the log that are older than this moment, and appends a checkpoint that says so: both or
   * nothing. Resolves to how many were removed; with none, nothing is appended. One call removes some thousands at most.
   */
  removeBefore(before: number, fact: Omit<AuditFact, "action" | "after">): Promise<number>;
}
