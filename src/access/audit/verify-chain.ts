import {
  type AuditEntry,
  type AuditHead,
  type Checkpoint,
  checkpointAction,
  entryHash,
  noHash,
} from "../../state/audit-entry.ts";
import type { AuditStore } from "../../state/audit-store.ts";
import { storedEntries } from "./stored-entries.ts";

/** The result of verifying every entry of the log. */
export interface AuditVerification {
  /** Number of entries present. */
  entries: number;
  /** Number of the oldest entry; null when there is none. */
  first: number | null;
  /** The head of the chain: noted elsewhere, it lets a later verification detect a truncated log. */
  head: AuditHead | null;
  /** Null when the chain is intact. */
  problem: ChainProblem | null;
}

/** The first entry that was changed or is missing. */
export interface ChainProblem {
  number: number;
  reason: string;
}

/**
 * Verifies the chain from its oldest entry to its head. Without an anchor (an entry noted elsewhere) a log rewritten from some
 * entry on, head included, cannot be told from a genuine one.
 */
export async function verifyChain(store: AuditStore, anchor: AuditHead | null): Promise<AuditVerification> {
  // Read first, so that entries appended meanwhile lie after it.
  const head = await store.head();
  const walk = new ChainWalk([
    { noted: head, reason: "was changed, together with its hash" },
    { noted: anchor, reason: "is another one than the one that was noted: the log was written anew" },
  ]);
  for await (const { entry } of storedEntries(store, { after: null, order: "oldest" })) {
    const problem = walk.take(entry);
    if (problem !== null) return { ...walk.seen, head, problem };
  }
  return { ...walk.seen, head, problem: walk.faultAtBegin() ?? walk.faultAtEnd(head) ?? walk.lacks(anchor) };
}

/** An entry whose hash is known independently, and what a different hash means. */
interface KnownEntry {
  noted: AuditHead | null;
  reason: string;
}

/** Verifies the chain entry by entry. */
class ChainWalk {
  readonly #known: readonly KnownEntry[];
  #first: AuditEntry | null = null;
  #last: AuditEntry | null = null;
  #checkpoint: Partial<Checkpoint> | null = null;
  #count = 0;

  constructor(known: readonly KnownEntry[]) {
    this.#known = known;
  }

  get seen(): Pick<AuditVerification, "entries" | "first"> {
    return { entries: this.#count, first: this.#first?.number ?? null };
  }

  /** The problem of the next entry; null when it continues the chain and matches the known hashes. */
  take(entry: AuditEntry | null): ChainProblem | null {
    const expected = (this.#last?.number ?? 0) + 1;
    if (entry === null) return { number: expected, reason: "what stands in its place is no entry" };
    const problem = faultOf(entry, this.#last) ?? unlikeKnown(entry, this.#known);
    if (problem !== null) return problem;
    this.#first ??= entry;
    this.#last = entry;
    this.#count += 1;
    if (entry.action === checkpointAction) this.#checkpoint = entry.after as Partial<Checkpoint> | null;
    return null;
  }

  /** A log that does not begin with entry 1 needs a checkpoint that accounts for it. */
  faultAtBegin(): ChainProblem | null {
    if (this.#first === null) return null;
    const { number, previous } = this.#first;
    const { removedThrough, hash } = this.#checkpoint ?? {};
    if (number === 1 || (removedThrough === number - 1 && hash === previous)) return null;
    const reason = `${missing(1, number - 1)}, and no checkpoint says that retention removed them`;
    return { number: 1, reason };
  }

  faultAtEnd(head: AuditHead | null): ChainProblem | null {
    const last = this.#last?.number ?? 0;
    if (head === null && last > 0) return { number: last, reason: "the record of the log's end is missing" };
    if (head === null || head.number <= last) return null;
    return { number: last + 1, reason: `${missing(last + 1, head.number)} at the end` };
  }

  /** An anchor within the entries was compared on the way. */
  lacks(anchor: AuditHead | null): ChainProblem | null {
    if (anchor === null) return null;
    const { number } = anchor;
    const last = this.#last?.number ?? 0;
    if (number > last)
      return { number, reason: `the noted entry is missing: the log ends with entry ${last}` };
    if (number >= (this.#first?.number ?? 1) || this.#checkpoint?.hash === anchor.hash) return null;
    return { number, reason: "retention removed the noted entry; note a newer one" };
  }
}

function faultOf(entry: AuditEntry, last: AuditEntry | null): ChainProblem | null {
  const expected = (last?.number ?? entry.number - 1) + 1;
  const problem = (reason: string) => ({ number: expected, reason });
  if (entry.number > expected) return problem(missing(expected, entry.number - 1));
  if (entry.number !== expected)
    return problem(`in its place stands entry ${entry.number}, put in or moved there`);
  if (entryHash(entry) !== entry.hash) return problem("was changed: it does not have its own hash");
  const before = last?.hash ?? (expected === 1 ? noHash : entry.previous);
  if (entry.previous === before) return null;
  return problem("does not carry the hash of the entry before it: one of the two was changed");
}

function unlikeKnown({ number, hash }: AuditEntry, known: readonly KnownEntry[]): ChainProblem | null {
  const other = known.find(({ noted }) => noted?.number === number && noted.hash !== hash);
  return other === undefined ? null : { number, reason: other.reason };
}

function missing(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}
