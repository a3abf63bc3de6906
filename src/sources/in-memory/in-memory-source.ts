import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type {
  ListRequest,
  ListScope,
  MemoryPage,
  MemorySource,
  PendingMemory,
  SourceInfo,
} from "../memory-source.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";

export interface InMemoryOptions {
  /** The account that the memories belong to. */
  account?: string;
  /** Changes on one page of a listing. */
  pageSize?: number;
}

/**
 * Memories that the program itself holds: a source without a server. Each change has a sequence number, so the source can list
 * changes and name deletions. A context exists from `open` or from its first change on.
 */
export class InMemorySource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "snapshot",
    since: { by: "updated", isReliable: true },
    deletes: "feed",
    complete: "yes",
    identity: "account",
    byId: true,
    media: [],
  };
  readonly #account: string;
  readonly #pageSize: number;
  /** Prefix of this process's marks; marks of another process have another one. */
  readonly #era = crypto.randomUUID();
  readonly #contexts = new Map<string, Map<string, Change>>();
  /** The initial memories of every context; null for a source whose contexts exist only once they are opened. */
  #everywhere: readonly Memory[] | null = null;
  #number = 0;
  #isClosed = false;

  constructor({ account = "in-memory", pageSize = 1_000 }: InMemoryOptions = {}) {
    this.#account = account;
    this.#pageSize = pageSize;
  }

  /** A source that shows these memories in every context. */
  static of(memories: readonly Memory[], options?: InMemoryOptions): InMemorySource {
    const source = new InMemorySource(options);
    source.#everywhere = memories;
    return source;
  }

  open(contextId: string): Map<string, Change> {
    const changes = this.#contexts.get(contextId) ?? new Map<string, Change>();
    this.#contexts.set(contextId, changes);
    return changes;
  }

  put(contextId: string, ...memories: readonly Memory[]): void {
    for (const memory of memories) this.#change(contextId, memory.id, { kind: "memory", memory });
  }

  /** Adds malformed items; one with the id of a good memory replaces it. */
  putBroken(contextId: string, ...items: readonly MalformedMemory[]): void {
    for (const item of items)
      this.#change(contextId, item.id ?? item.fingerprint, { kind: "malformed", item });
  }

  /** Adds a memory that is not readable yet. */
  announce(contextId: string, pending: PendingMemory): void {
    this.#change(contextId, pending.id, { kind: "pending", pending });
  }

  delete(contextId: string, ...ids: readonly string[]): void {
    for (const id of ids) this.#change(contextId, id, { kind: "deleted", id });
  }

  async *list(
    { contextId, scope, resume = "" }: ListRequest,
    signal: AbortSignal,
  ): AsyncGenerator<MemoryPage> {
    if (scope.kind === "named")
      return yield { ...pageOf(this.#named(contextId, scope.ids), scope), deleted: [] };
    const from = scope.kind === "changes" ? this.#numberOf(scope.since) : 0;
    const since = Math.max(from, this.#numberOf(resume));
    const changes = this.#changesOf(contextId).filter(({ number }) => number > since);
    const mark = `${this.#era}:${this.#number}`;
    for (let start = 0; start === 0 || start < changes.length; start += this.#pageSize) {
      signal.throwIfAborted();
      const end = start + this.#pageSize;
      const page = pageOf(changes.slice(start, end), scope);
      const last = changes[end - 1];
      // Changes are in the order of their numbers: what follows a number has not been shown.
      yield end < changes.length && last !== undefined
        ? { ...page, resume: `${this.#era}:${last.number}` }
        : { ...page, mark };
    }
  }

  #named(contextId: string, ids: readonly string[]): Change[] {
    const changes = this.#changesOf(contextId);
    return changes.filter(({ what }) => what.kind === "memory" && ids.includes(what.memory.id));
  }

  async check(contextId: string): Promise<SourceInfo> {
    this.#changesOf(contextId);
    const { capabilities } = this;
    return { server: "this process", version: null, account: this.#account, capabilities };
  }

  async download(): Promise<never> {
    throw new ConnectorError("MEDIA_NOT_FOUND", "memories in this process have no media");
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #change(contextId: string, id: string, what: Change["what"]): void {
    const changes = this.open(contextId);
    // Delete first, so that the latest change is the last entry.
    changes.delete(id);
    changes.set(id, { number: ++this.#number, what });
  }

  #changesOf(contextId: string): Change[] {
    if (this.#isClosed) throw new ConnectorError("SOURCE_UNREACHABLE", "the source is closed");
    const memories = this.#everywhere;
    if (memories !== null && !this.#contexts.has(contextId)) this.put(contextId, ...memories);
    const changes = this.#contexts.get(contextId);
    if (changes !== undefined) return [...changes.values()];
    const subject = `context ${JSON.stringify(contextId)}`;
    throw new ConnectorError("SOURCE_CONTEXT_NOT_FOUND", `${subject} is not there`, { subject });
  }

  /** A mark of another process is unknown here: everything is shown. */
  #numberOf(mark: string): number {
    const [era, number] = mark.split(":");
    return era === this.#era ? Number(number) : 0;
  }
}

/** The latest change of an item. */
interface Change {
  /** Sequence number over all changes of a source. */
  number: number;
  what:
    | { kind: "memory"; memory: Memory }
    | { kind: "malformed"; item: MalformedMemory }
    | { kind: "pending"; pending: PendingMemory }
    | { kind: "deleted"; id: string };
}

/** Turns changes into a page of a listing. Only memories have times, so only they are filtered by the scope. */
function pageOf(changes: readonly Change[], scope: ListScope): MemoryPage {
  const whats = changes.map(({ what }) => what);
  return {
    memories: whats.flatMap((what) =>
      what.kind === "memory" && isInScope(what.memory, scope) ? what.memory : [],
    ),
    malformed: whats.flatMap((what) => (what.kind === "malformed" ? what.item : [])),
    pending: whats.flatMap((what) => (what.kind === "pending" ? what.pending : [])),
    deleted: whats.flatMap((what) => (what.kind === "deleted" ? what.id : [])),
    truncated: null,
  };
}

function isInScope({ createdAt }: Memory, scope: ListScope): boolean {
  if (scope.kind !== "events") return true;
  return Date.parse(createdAt) >= scope.since;
}
