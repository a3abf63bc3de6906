import { createHash } from "node:crypto";
import { canonicalJson } from "../kernel/util/canonical-json.ts";

/** `anonymous`: the management API requires no keys. `signature`: a sender that shares a secret of a connector. */
export const actorKinds = ["api-key", "signature", "cli", "service", "anonymous"] as const;

export interface AuditActor {
  kind: (typeof actorKinds)[number];
  /** Id of the key, or name of the operating system user; null when there is none. */
  id: string | null;
  /** Name of the key. */
  name: string | null;
}

/** A change, before it is appended to the log. */
export interface AuditFact {
  /** Milliseconds since the epoch. */
  at: number;
  actor: AuditActor;
  /** `host` wrote the entry; `address` and `requestId` are those of the API caller. */
  from: { host: string; address: string | null; requestId: string | null };
  action: string;
  /** The id of the changed connector, key or memory. */
  subject: string | null;
  /** JSON without secrets; null where there is nothing to show. */
  before: unknown;
  after: unknown;
}

/** A change in the log: each entry has the hash of the previous one. */
export interface AuditEntry extends AuditFact {
  /** From 1, without gaps. */
  number: number;
  /** Hash of the previous entry; `noHash` for the first one. */
  previous: string;
  /** SHA-256 of the canonical JSON of everything else in the entry, in hex. */
  hash: string;
}

/** The head of the chain. */
export type AuditHead = Pick<AuditEntry, "number" | "hash">;

export const noHash = "0".repeat(64);

/** The entry that follows the head; null begins a chain. */
export function chained(fact: AuditFact, head: AuditHead | null): AuditEntry {
  const open = { ...fact, number: (head?.number ?? 0) + 1, previous: head?.hash ?? noHash };
  return { ...open, hash: entryHash(open) };
}

export function entryHash(entry: Omit<AuditEntry, "hash"> & { hash?: string }): string {
  const { hash: _, ...content } = entry;
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}

/** Whether a stored value has the required fields of an entry. */
export function isAuditEntry(stored: unknown): stored is AuditEntry {
  if (typeof stored !== "object" || stored === null) return false;
  const { number, at, hash, actor, action } = stored as Partial<Record<keyof AuditEntry, unknown>>;
  const isWhole = Number.isSafeInteger(number) && Number.isSafeInteger(at);
  return (
    isWhole &&
    typeof hash === "string" &&
    typeof action === "string" &&
    typeof actor === "object" &&
    actor !== null
  );
}

/** The action of the entry that retention appends for removed entries. */
export const checkpointAction = "audit.checkpoint";

/** `after` of a checkpoint: everything up to this entry was removed, and this was its hash. */
export interface Checkpoint {
  removedThrough: number;
  hash: string;
}
