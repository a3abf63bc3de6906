import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { eachOnce } from "../each-once.ts";
import { isRecord, pageOf } from "../json-list/parsed-item.ts";
import type {
  DownloadedMedia,
  ListRequest,
  ListScope,
  MemoryPage,
  MemorySource,
  SourceInfo,
} from "../memory-source.ts";
import { ServedSource } from "../served-source.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import type { SourceServerOptions } from "../source-server.ts";
import { walkPlaces } from "../walk-places.ts";
import { readConversation, readFact } from "./item.ts";
import type { OmiKind, OmiOptions } from "./settings.ts";

const readers = { conversations: readConversation, memories: readFact } satisfies Record<OmiKind, unknown>;
/** A time without a zone may be one of any zone. */
const dayMs = 86_400_000;
/** More are not given. */
const mostAtOnce = 200;

/** Omi's developer API. It has no contexts: whatever the connector calls its context, it holds all that the key shows. */
export class OmiSource extends ServedSource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "keyset",
    // A conversation that arrives late has an old time.
    since: { by: "event", isReliable: false },
    deletes: "diff",
    complete: "yes",
    identity: "refusal",
    byId: true,
    media: [],
  };
  readonly #include: readonly OmiKind[];
  readonly #pageSize: number;

  constructor(options: OmiOptions & SourceServerOptions) {
    super(options, {
      title: "Omi",
      service: "omi",
      keyName: "api_key",
      headers: { authorization: `Bearer ${options.apiKey}` },
    });
    this.#include = options.include;
    this.#pageSize = options.pageSize ?? mostAtOnce;
  }

  list(request: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage> {
    const { scope } = request;
    return scope.kind === "named" ? this.#named(scope.ids, signal) : eachOnce(this.#pages(request, signal));
  }

  /** Only conversations can be asked for one by one; Omi itself knows them by the id without its beginning. */
  async *#named(ids: readonly string[], signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const asked = this.#include.includes("conversations")
      ? ids.flatMap((id) => /^(?:conversation:)?([^:]+)$/u.exec(id)?.[1] ?? [])
      : [];
    const found = await Promise.all(asked.map((id) => this.#conversation(id, signal)));
    const conversations = found.filter((each) => each !== undefined);
    yield { ...pageOf(conversations.map(readConversation)), mayHaveDrifted: false };
  }

  /** Undefined for none. */
  async #conversation(id: string, signal: AbortSignal): Promise<unknown> {
    const path = ["v1", "dev", "user", "conversations", id];
    const query = { include_transcript: true };
    return this.server.json({ path, query, notFound: "MEMORY_NOT_FOUND" }, signal).catch((error: unknown) => {
      if (isConnectorError(error, "MEMORY_NOT_FOUND")) return undefined;
      throw error;
    });
  }

  async check(_contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    for (const kind of this.#include) await this.#ask(kind, { limit: 1, offset: 0 }, signal);
    return { server: this.server.address, version: null, account: null, capabilities: this.capabilities };
  }

  async download(): Promise<DownloadedMedia> {
    throw new ConnectorError("MEDIA_NOT_FOUND", "Omi gives no recordings");
  }

  async *#pages({ scope, resume = "" }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const [, reached, place = "0"] = /^(conversations|memories):(\d{1,9})$/u.exec(resume) ?? [];
    const first = Math.max(0, this.#include.indexOf(reached as OmiKind));
    let hasMoved = false;
    for (const kind of this.#include.slice(first)) {
      const begin = kind === reached ? Number(place) : 0;
      const walk = this.#walk(kind, { scope, begin }, signal);
      for (;;) {
        const { value, done } = await walk.next();
        if (done) {
          hasMoved ||= value.hasMoved;
          break;
        }
        yield value;
      }
    }
    yield { memories: [], malformed: [], truncated: null, mayHaveDrifted: hasMoved };
  }

  async *#walk(
    kind: OmiKind,
    { scope, begin }: { scope: ListScope; begin: number },
    signal: AbortSignal,
  ): AsyncGenerator<MemoryPage, { hasMoved: boolean }> {
    // Only conversations can be asked for by their time.
    const since = scope.kind === "events" && kind === "conversations" ? scope.since - dayMs : null;
    const narrowed = since === null ? {} : { start_date: new Date(since).toISOString().slice(0, 19) };
    let end = begin;
    const walk = walkPlaces<unknown>(
      {
        size: this.#pageSize,
        from: async (place) => {
          const items = await this.#ask(kind, { limit: this.#pageSize, offset: place, ...narrowed }, signal);
          end = place + items.length;
          // A server may give less at once than it was asked for, so that only an empty page is an end.
          return { items, isLast: false };
        },
        at: async (place) => (await this.#ask(kind, { limit: 1, offset: place, ...narrowed }, signal))[0],
        keyOf: (item) => (isRecord(item) ? String(item.id) : ""),
      },
      begin,
    );
    for (;;) {
      const { value, done } = await walk.next();
      if (done) return value;
      const read = value.map(readers[kind]);
      yield {
        ...pageOf(read),
        ...(scope.kind === "everything" && value.length > 0 && { resume: `${kind}:${end}` }),
      };
    }
  }

  async #ask(kind: OmiKind, query: Record<string, string | number>, signal: AbortSignal): Promise<unknown[]> {
    // Without the transcript, a conversation has no text.
    const asked = kind === "conversations" ? { ...query, include_transcript: query.limit !== 1 } : query;
    const answer = await this.server.json({ path: ["v1", "dev", "user", kind], query: asked }, signal);
    if (Array.isArray(answer)) return answer;
    const message = `Omi: the answer is no list of ${kind}`;
    throw new ConnectorError("SOURCE_BAD_ANSWER", message, { subject: this.server.address });
  }
}
