import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import { SimulatorAuth } from "./lightrag-simulator-auth.ts";
import { playFault, type SimulatedFault, SimulatorFaults, send } from "./lightrag-simulator-faults.ts";
import { type Answer, type InsertCounts, refused, SimulatorIntake } from "./lightrag-simulator-intake.ts";
import { type SimulatedServerOptions, withDefaults } from "./lightrag-simulator-options.ts";
import { type SimulatedModel, SimulatorPipeline } from "./lightrag-simulator-pipeline.ts";
import { guardedRoutes, openRoutes, type SimulatedServer, trackStatus } from "./lightrag-simulator-routes.ts";
import { isNote, type SimulatedRow, SimulatorStore } from "./lightrag-simulator-store.ts";
import { pinnedVersions } from "./lightrag-versions.ts";

export interface SimulatorCounts extends InsertCounts {
  deleted: number;
  /** Requests by `METHOD /path`, ids left out. */
  requests: Record<string, number>;
}

/**
 * A LightRAG server of either generation, as far as a connector sees it (LightRAG contract §1 to §5, §7). The contract suite
 * runs over it and over real servers, so that it cannot drift from the truth.
 */
export class LightRagSimulator {
  readonly faults = new SimulatorFaults();
  readonly requests: Record<string, number> = {};
  /** Of each request the header `traceparent`. */
  readonly traceparents: unknown[] = [];
  #url = "";
  #server: SimulatedServer;
  #http: Server | null = null;

  constructor(options: Partial<SimulatedServerOptions> & { generation: ServerGeneration }) {
    const complete = withDefaults(options);
    this.#server = boot(complete, new SimulatorStore(complete.file));
  }

  get url(): string {
    return this.#url;
  }

  get counts(): SimulatorCounts {
    const { intake, pipeline } = this.#server;
    return { ...intake.counts, deleted: pipeline.deleted, requests: this.requests };
  }

  /** Documents, LightRAG's notes of refused duplicates left out. */
  documents(): SimulatedRow[] {
    return this.rows().filter((row) => !isNote(row));
  }

  /** The texts of the documents by file source. */
  texts(): Map<string, string> {
    return new Map(this.documents().map(({ id, file_path }) => [file_path, this.#server.store.textOf(id)]));
  }

  rows(): SimulatedRow[] {
    return this.#server.store.newestLast();
  }

  /** What its model was asked, oldest first. */
  get questions(): readonly Record<string, unknown>[] {
    return this.#server.questions;
  }

  /** A document goes without a word, as after a restore of an old backup. */
  lose(id: string): void {
    this.#server.store.remove(id);
  }

  get options(): SimulatedServerOptions {
    return this.#server.options;
  }

  set model(model: SimulatedModel) {
    this.#server.pipeline.model = model;
  }

  set refuseDeletion(reason: string | null) {
    this.#server.pipeline.refuseDeletion = reason;
  }

  /** Every change is refused with this message until it is set back to null. */
  set fence(message: string | null) {
    this.#server.fence = message;
  }

  revokeTokens(): void {
    this.#server.auth.revokeTokens();
  }

  /** Something goes wrong with the next requests of a route. */
  fail(fault: SimulatedFault): void {
    this.faults.add(fault);
  }

  async start(): Promise<void> {
    const http = createServer((request, response) => {
      // A client may go away in the middle of its request.
      this.#respond(request, response).catch(() => response.destroy());
    });
    this.#http = http;
    const port = this.#url === "" ? this.#server.options.port : Number(new URL(this.#url).port);
    await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
    this.#url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  /** Dies at once, in the middle of whatever it does. `start` brings it back with the documents that it had. */
  async kill(): Promise<void> {
    const { options, store, intake, pipeline } = this.#server;
    pipeline.die();
    await this.stop();
    this.#server = boot(options, store);
    Object.assign(this.#server.intake.counts, intake.counts);
    this.#server.pipeline.deleted = pipeline.deleted;
    this.#server.pipeline.model = pipeline.model;
  }

  /** The operator installs another generation over the same documents. */
  async upgrade(generation: ServerGeneration): Promise<void> {
    Object.assign(this.options, { generation, version: pinnedVersions[generation] });
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    this.#server.pipeline.die();
    const http = this.#http;
    if (http === null) return;
    this.#http = null;
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    http.closeAllConnections();
    await closed;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    this.traceparents.push(request.headers.traceparent);
    const body = await readBody(request, this.#server.options.maxBody);
    const fault = this.faults.take({ route: `${request.method} ${request.url}`, body: body ?? "" });
    const acts = fault === undefined || fault.acts === true;
    const answer = acts ? await this.#answer(request, response, path, body) : refused(500, "fault");
    if (fault !== undefined) return playFault(fault, answer, response);
    const renewed = this.#server.auth.renewal(path, request.headers);
    const headers = renewed === undefined ? answer.headers : { ...answer.headers, "x-new-token": renewed };
    send(response, headers === undefined ? answer : { ...answer, headers });
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    raw: string | null,
  ): Promise<Answer> {
    const track = /^\/documents\/track_status\/(.+)$/u.exec(path)?.[1];
    if (path === "/_simulator")
      return { status: 200, body: { counts: this.counts, documents: this.documents() } };
    const name = `${request.method} ${track === undefined ? path : "/documents/track_status"}`;
    this.requests[name] = (this.requests[name] ?? 0) + 1;
    const server = this.#server;
    const body = raw === null ? null : fieldsOf(request, raw);
    if (body === null) return refused(413, "Request body too large");
    const open = openRoutes[name];
    if (open !== undefined) return open(server, { headers: request.headers, body });
    const route = guardedRoutes[name];
    if (route === undefined && track === undefined) return refused(404, "Not Found");
    const refusal = server.auth.refusal(request.headers);
    if (refusal !== null) return refused(refusal.status, refusal.detail, refusal.headers);
    if (track !== undefined) return trackStatus(server, decodeURIComponent(track));
    if (name.startsWith("POST /documents/text")) await this.#takeIn(body);
    if (server.options.dropsAbandoned && response.destroyed) return refused(499, "the client is gone");
    return route?.(server, { headers: request.headers, body }) ?? refused(404, "Not Found");
  }

  async #takeIn({ texts }: Record<string, unknown>): Promise<void> {
    const { answerMs } = this.#server.options;
    if (answerMs > 0) await delay(answerMs * (Array.isArray(texts) ? texts.length : 1));
  }
}

function boot(options: SimulatedServerOptions, store: SimulatorStore): SimulatedServer {
  const { generation } = options;
  return {
    options,
    store,
    auth: new SimulatorAuth(options),
    intake: new SimulatorIntake(store, generation),
    pipeline: new SimulatorPipeline(store, options),
    enqueuing: 0,
    questions: [],
    fence: null,
  };
}

/** Null when there are too many bytes. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
  }
  return bytes > maxBytes ? null : Buffer.concat(pieces).toString("utf8");
}

/** JSON or form fields. */
function fieldsOf(request: IncomingMessage, text: string): Record<string, unknown> {
  if (request.headers["content-type"] === "application/x-www-form-urlencoded")
    return Object.fromEntries(new URLSearchParams(text));
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
