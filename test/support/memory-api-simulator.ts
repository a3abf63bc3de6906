import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ApiMemory } from "./memory-api-data.ts";
import { type MemoryApiFault, type PreparedAnswer, sendWithFault } from "./memory-api-faults.ts";
import { type ListingBehaviour, listMemories } from "./memory-api-listing.ts";

export interface MemoryApiSimulatorOptions extends ListingBehaviour {
  /** Default: any free port. */
  port?: number;
  /** Default: `test-key`. */
  key?: string;
  /** The server's own clock, for ranges. */
  now?: () => number;
}

export interface LoggedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  /** The status of the answer; 0 when a fault kept it from coming whole. */
  status: number;
}

interface Received {
  logged: LoggedRequest;
  answer: PreparedAnswer;
  fault: MemoryApiFault | undefined;
}

interface SimulatedMedium {
  contentType: string;
  bytes: Buffer;
  /** What the server says of the bytes besides. */
  headers: Readonly<Record<string, string>>;
}

/** What of a request its answer may depend on. */
export interface Asked {
  method: string;
  url: URL;
  headers: Readonly<Record<string, unknown>>;
}

/**
 * The Memory API of the OpenAPI document on a real socket: key, contexts, limit, range, media, and on request a silent cap, paging
 * of each style and faults. Its memories may be changed at any time.
 */
export class MemoryApiSimulator implements AsyncDisposable {
  readonly key: string;
  readonly requests: LoggedRequest[] = [];
  /** Of each request the header `traceparent`, in the same order. */
  readonly traceparents: unknown[] = [];
  /** May be changed between requests. */
  readonly behaviour: ListingBehaviour;
  /** Runs before each request is answered: the place to change the memories between two pages. */
  beforeAnswer: (request: LoggedRequest) => void = () => {};
  /** The fault of a request for which none was injected: the place for random ones. */
  faultFor: (request: LoggedRequest) => MemoryApiFault | undefined = () => undefined;
  /** Whether it heeds conditions on media, and knows HEAD. */
  readonly media = { heedsConditions: true, knowsHead: true };
  readonly #contexts = new Map<string, Map<string, ApiMemory>>();
  readonly #media = new Map<string, SimulatedMedium>();
  readonly #faults: (MemoryApiFault | undefined)[] = [];
  readonly #now: () => number;
  readonly #server: Server;

  /** Without a socket; see `start`. */
  constructor({ key = "test-key", now = Date.now, port: _, ...behaviour }: MemoryApiSimulatorOptions) {
    this.key = key;
    this.#now = now;
    this.behaviour = behaviour;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(options: MemoryApiSimulatorOptions = {}): Promise<MemoryApiSimulator> {
    const simulator = new MemoryApiSimulator(options);
    await new Promise<void>((resolve) => simulator.#server.listen(options.port ?? 0, "127.0.0.1", resolve));
    return simulator;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds memories to a context, which comes into being if it must; the same id replaces. */
  put(contextId: string, ...memories: ApiMemory[]): void {
    const context = this.#contexts.get(contextId) ?? new Map<string, ApiMemory>();
    for (const memory of memories) context.set(memory.id, memory);
    this.#contexts.set(contextId, context);
  }

  remove(contextId: string, memoryId: string): void {
    this.#contexts.get(contextId)?.delete(memoryId);
  }

  /** Empties a context, which comes into being if it must. */
  clear(contextId: string): void {
    this.#contexts.set(contextId, new Map());
  }

  putMedium(
    contextId: string,
    memoryId: string,
    kind: "audio" | "image",
    contentType: string,
    bytes: Buffer,
    headers: SimulatedMedium["headers"] = {},
  ): void {
    this.#media.set(`${contextId}/${memoryId}/${kind}`, { contentType, bytes, headers });
  }

  /** The next requests suffer these, one each; undefined lets one pass. */
  inject(...faults: (MemoryApiFault | undefined)[]): void {
    this.#faults.push(...faults);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://simulator");
    this.traceparents.push(request.headers.traceparent);
    const { method = "GET", headers } = request;
    const { logged, answer, fault } = this.receive({ method, url, headers });
    response.on("finish", () => {
      logged.status = response.statusCode;
    });
    await sendWithFault(response, answer, fault);
  }

  /** Writes a request down, and says what becomes of it: the good answer, and the fault that it suffers. */
  receive({ method, url, headers }: Asked): Received {
    const query = Object.fromEntries(url.searchParams);
    const logged: LoggedRequest = { method, path: url.pathname, query, status: 0 };
    this.requests.push(logged);
    this.beforeAnswer(logged);
    const isAllowed = headers["x-api-key"] === this.key;
    const answer = isAllowed ? this.#answer({ method, url, headers }) : error(401, "Invalid API key");
    const fault = this.#faults.length > 0 ? this.#faults.shift() : this.faultFor(logged);
    return { logged, answer, fault };
  }

  #answer(asked: Asked): PreparedAnswer {
    const { url } = asked;
    const [root, contextId = "", memoryId, kind, ...rest] = url.pathname
      .slice(1)
      .split("/")
      .map(decodeURIComponent);
    const context = this.#contexts.get(contextId);
    if (root !== "memory" || rest.length > 0) return error(404, "Not Found");
    if (context === undefined) return error(404, "Context not found");
    if (memoryId !== undefined) return this.#medium(`${contextId}/${memoryId}/${kind}`, asked);
    const list = listMemories([...context.values()], url.searchParams, this.behaviour, this.#now());
    if (list === undefined) return error(422, "limit is too large");
    return { ...json(list.status, list.body), headers: list.headers };
  }

  #medium(key: string, { method, headers: asked }: Asked): PreparedAnswer {
    const medium = this.#media.get(key);
    if (medium === undefined) return error(404, "No such medium");
    const { contentType, bytes: body, headers } = medium;
    const { heedsConditions, knowsHead } = this.media;
    if (method === "HEAD" && !knowsHead) return error(405, "Method Not Allowed");
    if (heedsConditions && isAsKnown(headers, asked))
      return { status: 304, contentType, body: Buffer.alloc(0), headers };
    return { status: 200, contentType, body, headers };
  }
}

/** RFC 9110, section 13: a tag goes before a date. */
function isAsKnown(
  { etag, "last-modified": date }: SimulatedMedium["headers"],
  asked: Asked["headers"],
): boolean {
  const tags = asked["if-none-match"];
  if (tags !== undefined) return etag !== undefined && `${tags}`.split(", ").includes(etag);
  return date !== undefined && asked["if-modified-since"] === date;
}

function json(status: number, body: unknown): PreparedAnswer {
  return { status, contentType: "application/json", body: Buffer.from(JSON.stringify(body)) };
}

function error(status: number, detail: string): PreparedAnswer {
  return json(status, { detail });
}
