import type { PushedMemories, PushedMemory } from "../../domain/pushed-memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ListRequest, ListScope, MemoryPage, MemorySource, SourceInfo } from "../memory-source.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";

export interface PushSourceOptions {
  connectorId: string;
  pushed: Pick<PushedMemories, "changes" | "newest">;
  /** Entries read at once. */
  pageSize?: number;
}

/**
 * What programs have sent to a connector, as it is kept in the state: a source without a server. Each change has a number, so the source
 * can list changes and name deletions. Every context is there, with or without memories.
 */
export class PushSource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "snapshot",
    since: { by: "updated", isReliable: true },
    deletes: "told",
    complete: "yes",
    identity: "refusal",
    media: [],
  };
  readonly #connectorId: string;
  readonly #pushed: PushSourceOptions["pushed"];
  readonly #pageSize: number;
  #isClosed = false;

  constructor({ connectorId, pushed, pageSize = 500 }: PushSourceOptions) {
    this.#connectorId = connectorId;
    this.#pushed = pushed;
    this.#pageSize = pageSize;
  }

  async *list({ contextId, scope, resume }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    this.#requireOpen();
    const newest = await this.#pushed.newest(this.#connectorId);
    const from = scope.kind === "changes" ? numberIn(scope.since, newest) : 0;
    // What is sent again meanwhile has moved to the end, where it is passed over if it was shown: the next listing of changes has it.
    const shown = new Set<string>();
    let after = Math.max(from, numberIn(resume, newest));
    for (;;) {
      signal.throwIfAborted();
      const entries = await this.#entries(contextId, after);
      const fresh = entries.filter(({ memoryId }) => !shown.has(memoryId));
      for (const { memoryId } of fresh) shown.add(memoryId);
      after = entries.at(-1)?.number ?? after;
      const isLast = entries.length < this.#pageSize;
      yield { ...pageOf(fresh, scope), ...(isLast ? { mark: String(newest) } : { resume: String(after) }) };
      if (isLast) return;
    }
  }

  async check(): Promise<SourceInfo> {
    this.#requireOpen();
    const { capabilities } = this;
    return { server: `what is sent to ${this.#connectorId}`, version: null, account: null, capabilities };
  }

  async download(): Promise<never> {
    throw new ConnectorError("MEDIA_NOT_FOUND", "memories are sent without media");
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #entries(contextId: string, after: number): Promise<PushedMemory[]> {
    this.#requireOpen();
    return this.#pushed.changes({ connectorId: this.#connectorId, contextId }, after, this.#pageSize);
  }

  #requireOpen(): void {
    if (this.#isClosed) throw new ConnectorError("SOURCE_UNREACHABLE", "the source is closed");
  }
}

/** A place that was not given by this source, or of a state that was put back, is the beginning. */
function numberIn(place: string | undefined, newest: number): number {
  const number = /^\d{1,15}$/u.test(place ?? "") ? Number(place) : 0;
  return number <= newest ? number : 0;
}

function pageOf(entries: readonly PushedMemory[], scope: ListScope): MemoryPage {
  return {
    memories: entries.flatMap(({ memory }) =>
      memory === null || isBefore(memory.createdAt, scope) ? [] : memory,
    ),
    malformed: [],
    deleted: entries.flatMap(({ memory, memoryId }) => (memory === null ? memoryId : [])),
    truncated: null,
  };
}

function isBefore(createdAt: string, scope: ListScope): boolean {
  return scope.kind === "events" && Date.parse(createdAt) < scope.since;
}

/**
 * Tells that something was sent, by whatever process. What is there at the beginning counts: the process that took it may have ended before
 * anybody was told.
 */
export class PushWatch {
  readonly #options: Pick<PushSourceOptions, "connectorId" | "pushed">;
  readonly #changed: () => void;
  #seen = 0;

  constructor(options: Pick<PushSourceOptions, "connectorId" | "pushed">, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
  }

  async look(): Promise<void> {
    const newest = await this.#options.pushed.newest(this.#options.connectorId);
    if (newest !== this.#seen) this.#changed();
    this.#seen = newest;
  }

  async refresh(): Promise<null> {
    return null;
  }

  close(): void {
    // Nothing is open.
  }
}
