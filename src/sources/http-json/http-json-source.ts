import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { CircuitBreaker, CircuitSnapshot } from "../../kernel/http/circuit-breaker.ts";
import type { HttpClient } from "../../kernel/http/http-client.ts";
import type { HttpRequest } from "../../kernel/http/http-request.ts";
import { originOf, safeAddress } from "../../kernel/util/url.ts";
import { timesText } from "../first-times.ts";
import { askList } from "../json-list/ask-list.ts";
import { deferMalformed } from "../json-list/defer-malformed.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import { SeenItems } from "../json-list/seen-items.ts";
import { type CallSubject, toSourceError } from "../json-list/source-error.ts";
import type { ListRequest, MemoryPage, MemorySource, SourceInfo } from "../memory-source.ts";
import {
  makeSourceBreaker,
  makeSourceHttp,
  type ServerKey,
  type ServerOptions,
  serverDefaults,
} from "../server-client.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import type { AuthDeclaration, CompleteDeclaration } from "./declaration.ts";
import { itemFormat } from "./item-format.ts";
import { valuesAt } from "./read-path.ts";
import { type AskPage, firstPlace, nextPlace, type Place, Walk, type WalkEnd } from "./walk.ts";

export interface HttpJsonOptions extends CompleteDeclaration, Partial<ServerOptions> {
  url: string;
  apiKey: string | null;
  /** Where the key comes from, in words; null for the settings themselves. */
  keyOrigin: string | null;
  /** Zone of times that say none. */
  timeZone: string;
  charset: string | null;
  maxItemBytes: number;
}

/** When the server has refused a made-up key, and when it has shown something to the right one; 0 for never. Milliseconds since the epoch. */
interface Proof {
  refusedAt: number;
  shownAt: number;
}

const noProof: Proof = { refusedAt: 0, shownAt: 0 };
const proofMs = 3_600_000;
const isRecent = (at: number, now: number) => at > 0 && now >= at && now - at < proofMs;

/** What a list was, and how many items the last whole one had. */
interface Looked {
  before: number;
  shown: number;
  account: string | null;
  /** Whether it was asked for what is new alone. */
  isNarrowed: boolean;
}

/** A list of JSON over HTTP, whose form the configuration declares. */
export class HttpJsonSource implements MemorySource {
  readonly capabilities: SourceCapabilities;
  readonly #options: HttpJsonOptions & ServerOptions;
  readonly #http: HttpClient;
  readonly #breaker: CircuitBreaker;
  readonly #proof = { ...noProof };
  #isClosed = false;

  constructor(options: HttpJsonOptions) {
    this.#options = { ...serverDefaults, ...options };
    this.capabilities = capabilitiesOf(options);
    this.#breaker = makeSourceBreaker(this.#options);
    const key = keyOf(options.auth, options.apiKey);
    this.#http = makeSourceHttp(this.#options, key, this.#breaker, "http_json");
  }

  /** Whether the circuit to the server is open, since and until when, and why. */
  get circuit(): CircuitSnapshot {
    return this.#breaker.snapshot();
  }

  /** Calls `listener` whenever `circuit` changes its state; returns a function that stops it. */
  onCircuitChange(listener: (circuit: CircuitSnapshot) => void): () => void {
    return this.#breaker.onChange(listener);
  }

  list(request: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage> {
    return deferMalformed(this.#list(request, signal), () => null);
  }

  async check(contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    const account = await this.#account(contextId, signal);
    const list = await this.#ask(contextId, account, this.#options.paging.size, signal)(null);
    const [first] = list.malformed;
    if (first !== undefined && list.malformed.length === list.received) {
      const message = `nothing that the first answer shows is a memory: ${first.problems.join("; ")}; the first one is ${first.excerpt.slice(0, 200)}`;
      const hint = "say with the connector's source.fields and source.time_format where an item has what";
      throw new ConnectorError("SOURCE_BAD_ANSWER", message, { subject: contextId, hint });
    }
    const looked = { before: 0, shown: list.received, account, isNarrowed: false };
    const doubt = await this.#emptyReason(contextId, looked, noProof, signal);
    if (doubt !== null)
      throw new ConnectorError("SOURCE_UNAUTHORIZED", `the list is not believed: ${doubt}`, {
        subject: contextId,
        hint: "look at the key; if the list is really empty, put a first item into it, or say with the connector's source.account whose key it is",
      });
    this.#requireOwnNext(list, contextId);
    const times = timesText({
      looked: list.received,
      times: list.memories.map(({ createdAt }) => ({ at: createdAt })),
      timeZone: this.#options.timeZone,
    });
    const { capabilities } = this;
    return { server: safeAddress(this.#options.url), version: null, account, capabilities, times };
  }

  async download(): Promise<never> {
    throw new ConnectorError("MEDIA_NOT_FOUND", "a declared list has no media");
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#http.close();
  }

  async *#list(request: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const { contextId, lore, resume } = request;
    const { paging, consistency } = this.#options;
    const account = await this.#account(contextId, signal);
    const query = this.#narrowing(request);
    const ask = this.#ask(contextId, account, paging.size, signal, query === null ? {} : { query });
    const seen = new SeenItems();
    const walked = yield* this.#walked(ask, seen, resume ?? null);
    const before = Number(lore?.shown ?? 0);
    const proof = { refusedAt: Number(lore?.refusedAt ?? 0), shownAt: Number(lore?.shownAt ?? 0) };
    const looked = { before, shown: seen.size, account, isNarrowed: query !== null };
    const reason = walked.reason ?? (await this.#emptyReason(contextId, looked, proof, signal));
    if (query !== null && walked.reason === null && reason !== null) {
      // That nothing is new is nothing strange; that nothing is there at all would be.
      yield* this.#list({ ...request, scope: { kind: "everything" } }, signal);
      return;
    }
    const mayHaveDrifted = consistency === "drifting" && walked.pages > 1;
    const isWhole = reason === null && resume === undefined && query === null;
    const shown = isWhole ? seen.size : before;
    const truncated = reason === null ? null : { reason };
    yield {
      memories: [],
      malformed: [],
      truncated,
      mayHaveDrifted,
      lore: { shown, ...this.#proofWith(proof) },
    };
  }

  /** The parameter that narrows the list as far as the server can; null for a list of everything. */
  #narrowing({ scope }: ListRequest): Record<string, string> | null {
    const { since } = this.#options;
    if (since === null || scope.kind !== "events") return null;
    return { [since.parameter]: writtenTime(scope.since, since.format) };
  }

  /** A place that the server refuses is forgotten: it may be of another day, or of another way of paging. */
  async *#walked(ask: AskPage, seen: SeenItems, resume: string | null): AsyncGenerator<MemoryPage, WalkEnd> {
    const { paging } = this.#options;
    if (resume === null) return yield* new Walk(paging, ask, seen).pages(null);
    try {
      return yield* new Walk(paging, ask, seen).pages(resume);
    } catch (error) {
      const isUnknown =
        isConnectorError(error, "SOURCE_REFUSED") || isConnectorError(error, "SOURCE_CONTEXT_NOT_FOUND");
      if (!isUnknown || seen.size > 0) throw error;
      return yield* new Walk(paging, ask, seen).pages(null);
    }
  }

  /** Why an empty list is not believed: nothing shows that the key is the right one. */
  async #emptyReason(
    contextId: string,
    { before, shown, account, isNarrowed }: Looked,
    proof: Proof,
    signal: AbortSignal,
  ): Promise<string | null> {
    const now = this.#options.clock.now();
    if (shown > 0) this.#proof.shownAt = now;
    if (shown > 0 || account !== null || this.#options.apiKey === null) return null;
    const { refusedAt, shownAt } = this.#proofWith(proof);
    // What was there a moment ago does not show that nothing is there now, but that nothing is new.
    if (isRecent(refusedAt, now) || (isNarrowed && isRecent(shownAt, now))) return null;
    if (await this.#refusesOtherKeys(contextId, signal)) {
      this.#proof.refusedAt = now;
      return null;
    }
    return `it is empty, ${before > 0 ? "was not before, " : ""}and the server answers a made-up key in the same way, so that nothing shows that the key is the right one; look at the key, or say with the connector's source.account whose it is`;
  }

  /** What is known of the key from this process, and from those before it. */
  #proofWith({ refusedAt, shownAt }: Proof): Proof {
    return {
      refusedAt: Math.max(refusedAt, this.#proof.refusedAt),
      shownAt: Math.max(shownAt, this.#proof.shownAt),
    };
  }

  async #refusesOtherKeys(contextId: string, signal: AbortSignal): Promise<boolean> {
    const { headers, secretQuery } = keyOf(this.#options.auth, `made-up-${crypto.randomUUID()}`);
    const other = { ...(headers && { headers }), ...(secretQuery && { query: secretQuery }) };
    try {
      await this.#ask(contextId, null, this.#options.paging.size, signal, other)(null);
      return false;
    } catch (error) {
      return isConnectorError(error, "SOURCE_UNAUTHORIZED") || isConnectorError(error, "SOURCE_FORBIDDEN");
    }
  }

  /** Whose key it is; null where the configuration does not say how to ask. */
  async #account(contextId: string, signal: AbortSignal): Promise<string | null> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new ConnectorError("SOURCE_UNREACHABLE", "the source is closed");
    const { account } = this.#options;
    if (account === null) return null;
    const call = this.#call(account.path, contextId, {});
    const subject = { name: "the account", notFound: "SOURCE_BAD_ANSWER" } as const;
    const { body } = await this.#withSourceErrors(subject, () => this.#http.json(call, signal));
    const [whose] = valuesAt(body, account.field);
    if (typeof whose === "string" || typeof whose === "number") return String(whose);
    const message = `the server does not say whose key it is: its answer has no "${account.field}"`;
    throw new ConnectorError("SOURCE_UNAUTHORIZED", message, { subject: contextId });
  }

  #ask(
    contextId: string,
    account: string | null,
    size: number,
    signal: AbortSignal,
    other: Pick<HttpRequest, "headers" | "query"> = {},
  ): AskPage {
    const { path, paging } = this.#options;
    const sized = paging.sizeParameter === null ? {} : { [paging.sizeParameter]: size };
    const format = itemFormat(this.#options, account);
    const name = `context ${JSON.stringify(contextId)}`;
    const subject: CallSubject = { name, notFound: "SOURCE_CONTEXT_NOT_FOUND" };
    return async (place) => {
      const query = { ...sized, ...(place !== null && "query" in place && place.query), ...other.query };
      const call = {
        ...this.#call(path, contextId, query),
        ...(other.headers && { headers: other.headers }),
      };
      const placed =
        place !== null && "address" in place ? { ...call, address: this.#near(place, call) } : call;
      return this.#withSourceErrors(subject, () =>
        askList(this.#http, placed, subject, { ...this.#options, ...words, format }, signal),
      );
    };
  }

  /** Throws what a run would meet with behind the first page of a list. */
  #requireOwnNext(list: MemoryList, contextId: string): void {
    const { paging, path } = this.#options;
    const next = nextPlace(paging, firstPlace(paging), list);
    if (next !== null && typeof next === "object" && "address" in next)
      this.#near(next, this.#call(path, contextId, {}));
  }

  /** A link of the server, as an address; only its own are followed, for the key goes along. */
  #near({ address }: Place & { address: string }, { address: list = "" }: HttpRequest): string {
    const { url, apiKey } = this.#options;
    const next = URL.parse(address, new URL(list, url).href);
    if (next === null || !/^https?:$/u.test(next.protocol)) throw this.#noAddress();
    if (next.origin === originOf(url)) return next.href;
    const [own, other] = [safeAddress(url), safeAddress(movedTo(next.origin, url))];
    const why = apiKey === null ? "and only the server of the list is asked" : "which must not get the key";
    const message = `the list of ${own} names its next page on another server, ${next.origin}, ${why}`;
    const hint = `if that is the server's own name, set the connector's source.url to ${other}; otherwise give the server the name that source.url has, as its public address`;
    throw new ConnectorError("SOURCE_REDIRECTED", message, { subject: own, hint });
  }

  #noAddress(): ConnectorError {
    const { url, paging } = this.#options;
    const message = `the list of ${safeAddress(url)} names a next page that is no address of the web`;
    const hint = `say with the connector's source.paging.next where the address stands; it is read from ${paging.next}`;
    return new ConnectorError("SOURCE_BAD_ANSWER", message, { subject: safeAddress(url), hint });
  }

  #call(path: string, contextId: string, query: NonNullable<HttpRequest["query"]>): HttpRequest {
    const base = new URL(this.#options.url);
    const below = path.replaceAll("{context}", encodeURIComponent(contextId.toWellFormed()));
    const address = below === "" ? base.href : joined(base, below);
    return { method: "GET", path: [], address, query };
  }

  async #withSourceErrors<T>(subject: CallSubject, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toSourceError(error, subject, { ...this.#options, ...words });
    }
  }
}

const words = { server: "the server", block: "source" } as const;

/** An address with its path on another server. */
function movedTo(origin: string, url: string): string {
  const { pathname, search } = new URL(url);
  return `${origin}${pathname}${search}`;
}

/** The path below an address; parameters of both are kept. */
function joined(base: URL, below: string): string {
  const [path = "", ...query] = below.split("?");
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/u, "")}/${path.replace(/^\/+/u, "")}`;
  for (const [name, value] of new URLSearchParams(query.join("?"))) url.searchParams.set(name, value);
  return url.href;
}

const digitsBehindMs = new Map([
  ["epoch_ms", ""],
  ["epoch_us", "000"],
  ["epoch_ns", "000000"],
]);

/** A time in whole seconds or finer; never later than it is. */
function writtenTime(ms: number, format: string): string {
  const whole = Math.floor(ms);
  if (format === "iso") return new Date(whole).toISOString();
  if (format === "epoch_s") return String(Math.floor(whole / 1000));
  return `${whole}${digitsBehindMs.get(format) ?? ""}`;
}

function keyOf({ in: place, name, scheme }: AuthDeclaration, apiKey: string | null): ServerKey {
  if (apiKey === null) return {};
  if (place === "query") return { secretQuery: { [name ?? "api_key"]: apiKey } };
  const header = name ?? "Authorization";
  const word = scheme ?? (header.toLowerCase() === "authorization" ? "Bearer" : "");
  const value = word.toLowerCase() === "basic" ? Buffer.from(apiKey).toString("base64") : apiKey;
  return { headers: { [header]: word === "" ? value : `${word} ${value}` } };
}

function capabilitiesOf({
  consistency,
  deletes,
  cappedAt,
  account,
  since,
}: CompleteDeclaration): SourceCapabilities {
  return {
    consistency,
    // What was changed since a time includes what was made since: a list by changes is one by the memories' times with edits of older ones.
    since: since === null ? { by: "none", isReliable: true } : { by: "event", isReliable: since.isReliable },
    deletes,
    complete: cappedAt === null ? "yes" : { cappedAt },
    identity: account === null ? "refusal" : "account",
    media: [],
  };
}
