import { hostname } from "node:os";
import type { Clock } from "../../kernel/util/clock.ts";
import type { AuditEntry } from "../../state/audit-entry.ts";
import type { AuditStore } from "../../state/audit-store.ts";
import { auditCursor } from "../../state/cursor.ts";
import type { AuditAction } from "./audit-action.ts";
import { type AuditOrigin, serviceOrigin } from "./audit-origin.ts";
import { storedEntries } from "./stored-entries.ts";
import { type AuditVerification, verifyChain } from "./verify-chain.ts";

/** A change. `before` and `after` are JSON; their secrets are masked by the log. */
export interface AuditChange {
  action: AuditAction;
  /** The id of the changed connector, key or memory; null for a change of the whole service. */
  subject: string | null;
  before?: unknown;
  after?: unknown;
}

/** All given criteria must match. Times are milliseconds since the epoch. */
export interface AuditFilter {
  /** Id or name of a key, or name of a user. */
  actor?: string | undefined;
  /** An action, or its part before the dot. */
  action?: string | undefined;
  subject?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
}

export interface AuditQuery extends AuditFilter {
  limit: number;
  /** `next` of the previous page. */
  after?: string | null | undefined;
}

export interface AuditPage {
  /** Newest first. */
  entries: AuditEntry[];
  next: string | null;
}

/** Who changed what, when and from where. Append-only; retention removes the oldest entries and leaves a checkpoint. */
export class AuditLog {
  readonly #store: AuditStore;
  readonly #clock: Pick<Clock, "now">;
  readonly #maskSecrets: (value: unknown) => unknown;

  /** `maskSecrets` makes the copy of a changed value that may be recorded. */
  constructor(store: AuditStore, clock: Pick<Clock, "now">, maskSecrets: (value: unknown) => unknown) {
    this.#store = store;
    this.#clock = clock;
    this.#maskSecrets = maskSecrets;
  }

  /** Resolves when the entry is durable. To be called after the change and before it is acknowledged. */
  async record(origin: AuditOrigin, { action, subject, before, after }: AuditChange): Promise<void> {
    await this.#store.append({
      ...this.#circumstances(origin),
      action,
      subject,
      before: this.#shown(before),
      after: this.#shown(after),
    });
  }

  /** Throws `STATE_CURSOR_INVALID`. */
  async list({ limit, after, ...filter }: AuditQuery): Promise<AuditPage> {
    const entries: AuditEntry[] = [];
    const begin = auditCursor.decode(after)?.place ?? null;
    let passed = "";
    for await (const { place, entry } of storedEntries(this.#store, { after: begin, order: "newest" })) {
      if (entry !== null && fits(entry, filter)) {
        if (entries.length === limit) return { entries, next: auditCursor.encode({ place: passed }) };
        entries.push(entry);
      }
      passed = place;
    }
    return { entries, next: null };
  }

  /** Verifies every entry. With an anchor, the noted number and hash of an entry, it also detects truncated and rewritten tails. */
  verify(anchor: { number: number; hash: string } | null = null): Promise<AuditVerification> {
    return verifyChain(this.#store, anchor);
  }

  /** Removes entries older than this and leaves checkpoints; resolves to the number removed. */
  async removeBefore(before: number): Promise<number> {
    const fact = { ...this.#circumstances(serviceOrigin()), subject: null, before: null };
    // A checkpoint older than the limit would be removed by the next cleanup, whose own would be too old again.
    const moment = Math.min(before, fact.at);
    for (let removed = 0; ; ) {
      const some = await this.#store.removeBefore(moment, fact);
      if (some === 0) return removed;
      removed += some;
    }
  }

  #circumstances({ actor, address, requestId }: AuditOrigin) {
    return { at: this.#clock.now(), actor, from: { host: hostname(), address, requestId } };
  }

  #shown(value: unknown): unknown {
    return value === undefined ? null : this.#maskSecrets(value);
  }
}

function fits(entry: AuditEntry, { actor, action, subject, since, until }: AuditFilter): boolean {
  return (
    (actor === undefined || entry.actor.id === actor || entry.actor.name === actor) &&
    (action === undefined || entry.action === action || entry.action.startsWith(`${action}.`)) &&
    (subject === undefined || entry.subject === subject) &&
    (since === undefined || entry.at >= since) &&
    (until === undefined || entry.at <= until)
  );
}

/** Limit of the ids listed in an entry; the full count is recorded separately. */
const mostNamed = 100;

/** The audit entry for replayed or dropped dead letters; none when there were none. */
export function deadLettersChange(
  action: "replay" | "drop",
  connectorId: string,
  memoryIds: readonly string[],
): { change?: AuditChange } {
  if (memoryIds.length === 0) return {};
  const after = { count: memoryIds.length, memoryIds: memoryIds.slice(0, mostNamed) };
  return { change: { action: `dead-letters.${action}`, subject: connectorId, after } };
}
