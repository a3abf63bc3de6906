import { createHash } from "node:crypto";
import { canonicalJson } from "../kernel/util/canonical-json.ts";

/** `anonymous`: the management API asks for no keys. */
export const actorKinds = ["api-key", "cli", "service", "anonymous"] as const;

export interface AuditActor {
  kind: (typeof actorKinds)[number];
  /** Id of the key, name of the user of the operating system; null when there is none. */
  id: string | null;
  /** What people call the key. */
  name: string | null;
}

/** A change that was made, before it has its place in the log. */
export interface AuditFact {
  /** Milliseconds since the epoch. */
  at: number;
  actor: AuditActor;
  /** `host` wrote the entry; `address` and `requestId` are those of a caller of the API. */
  from: { host: string; address: string | null; requestId: string | null };
  action: string;
  /** What was changed: the id of a connector, a key, a memory. */
  subject: string | null;
  /** JSON without secrets; null where there is nothing to show. */
  before: unknown;
  after: unknown;
}

/** A fact at its place: each entry carries the hash of the one before it. */
export interface AuditEntry extends AuditFact {
  /** From 1, without gaps. */
  number: number;
  /** Hash of the entry before; `noHash` for the first one. */
  previous: string;
  /** SHA-256 of the canonical JSON of everything else in the entry, in hex. */
  hash: string;
}

/** The end of the chain. */
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

/** Whether what is stored in an entry's place has the parts that everything else depends on. */
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

/** What retention writes in the place of the entries that it removes. */
export const checkpointAction = "audit.checkpoint";

/** `after` of a checkpoint: everything up to this entry was removed, and this was its hash. */
export interface Checkpoint {
  removedThrough: number;
  hash: string;
}
