import { hostname } from "node:os";
import type { Clock } from "../../kernel/util/clock.ts";
import type { AuditEntry } from "../../state/audit-entry.ts";
import type { AuditStore } from "../../state/audit-store.ts";
import { auditCursor } from "../../state/cursor.ts";
import type { AuditAction } from "./audit-action.ts";
import { type AuditOrigin, serviceOrigin } from "./audit-origin.ts";
import { storedEntries } from "./stored-entries.ts";
import { type AuditVerdict, verifyChain } from "./verify-chain.ts";

/** A change that was made. `before` and `after` are JSON; secrets in them are masked here. */
export interface AuditChange {
  action: AuditAction;
  /** What was changed: the id of a connector, a key, a memory; null for what concerns the whole. */
  subject: string | null;
  before?: unknown;
  after?: unknown;
}

/** Of several, all have to fit. Times are milliseconds since the epoch. */
export interface AuditFilter {
  /** Id or name of a key, or name of a user. */
  actor?: string | undefined;
  /** An action, or what stands before its dot. */
  action?: string | undefined;
  subject?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
}

export interface AuditQuery extends AuditFilter {
  limit: number;
  /** `next` of the page before. */
  after?: string | null | undefined;
}

export interface AuditPage {
  /** Newest first. */
  entries: AuditEntry[];
  next: string | null;
}

/** Who changed what, when and from where. Nothing in it is ever changed; retention removes from its beginning and says so. */
export class AuditLog {
  private readonly store: AuditStore;
  private readonly clock: Pick<Clock, "now">;
  private readonly maskSecrets: (value: unknown) => unknown;

  /** `maskSecrets` makes the copy that may be kept of what was changed. */
  constructor(store: AuditStore, clock: Pick<Clock, "now">, maskSecrets: (value: unknown) => unknown) {
    this.store = store;
    this.clock = clock;
    this.maskSecrets = maskSecrets;
  }

  /** Resolves when the entry is durable. Call it after the change and before anybody is told that it was made. */
  async record(origin: AuditOrigin, { action, subject, before, after }: AuditChange): Promise<void> {
    await this.store.append({
      ...this.circumstances(origin),
      action,
      subject,
      before: this.shown(before),
      after: this.shown(after),
    });
  }

  /** Throws `STATE_CURSOR_INVALID`. */
  async list({ limit, after, ...filter }: AuditQuery): Promise<AuditPage> {
    const entries: AuditEntry[] = [];
    const begin = auditCursor.decode(after)?.place ?? null;
    let passed = "";
    for await (const { place, entry } of storedEntries(this.store, { after: begin, order: "newest" })) {
      if (entry !== null && fits(entry, filter)) {
        if (entries.length === limit) return { entries, next: auditCursor.encode({ place: passed }) };
        entries.push(entry);
      }
      passed = place;
    }
    return { entries, next: null };
  }

  /** Looks at every entry. With an anchor, an entry whose number and hash somebody noted, it also finds what was cut off and written anew. */
  verify(anchor: { number: number; hash: string } | null = null): Promise<AuditVerdict> {
    return verifyChain(this.store, anchor);
  }

  /** Removes what is older than this moment and leaves checkpoints; resolves to how many entries. */
  async removeBefore(before: number): Promise<number> {
    const fact = { ...this.circumstances(serviceOrigin()), subject: null, before: null };
    // A checkpoint that is older than the moment would be removed by the next one, which would again be older.
    const moment = Math.min(before, fact.at);
    for (let removed = 0; ; ) {
      const some = await this.store.removeBefore(moment, fact);
      if (some === 0) return removed;
      removed += some;
    }
  }

  private circumstances({ actor, address, requestId }: AuditOrigin) {
    return { at: this.clock.now(), actor, from: { host: hostname(), address, requestId } };
  }

  private shown(value: unknown): unknown {
    return value === undefined ? null : this.maskSecrets(value);
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
