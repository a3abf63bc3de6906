import type { IncomingHttpHeaders } from "node:http";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { SimulatorAuth } from "./lightrag-simulator-auth.ts";
import { type Answer, refused, type SimulatorIntake } from "./lightrag-simulator-intake.ts";
import type { SimulatedServerOptions } from "./lightrag-simulator-options.ts";
import type { SimulatorPipeline } from "./lightrag-simulator-pipeline.ts";
import type { SimulatedRow, SimulatorStore } from "./lightrag-simulator-store.ts";

/** One incarnation of the server: what a restart makes anew. */
export interface SimulatedServer {
  options: SimulatedServerOptions;
  auth: SimulatorAuth;
  store: SimulatorStore;
  intake: SimulatorIntake;
  pipeline: SimulatorPipeline;
  /** Inserts that were answered and are not in the store yet. */
  enqueuing: number;
  /** What its model was asked. */
  questions: Record<string, unknown>[];
  /** Why every change is refused, as after a crash in the middle of a deletion. */
  fence: string | null;
}

export interface SimulatedRequest {
  headers: IncomingHttpHeaders;
  /** JSON or form fields. */
  body: Record<string, unknown>;
}

type Route = (server: SimulatedServer, request: SimulatedRequest) => Answer;

/** Routes that need no credentials. */
export const openRoutes: Readonly<Record<string, Route>> = {
  "GET /auth-status": ({ auth, options }) => {
    const version = { core_version: options.version, api_version: "0000" };
    if (auth.wantsLogin) return ok({ auth_configured: true, auth_mode: "enabled", ...version });
    const access_token = auth.guestToken();
    return ok({ auth_configured: false, auth_mode: "disabled", access_token, ...version });
  },
  "POST /login": ({ auth, options }, { body }) => {
    const outcome = auth.login(String(body.username), String(body.password));
    if ("status" in outcome) return refused(outcome.status, outcome.detail, outcome.headers);
    return ok({ access_token: outcome.token, token_type: "bearer", core_version: options.version });
  },
  "GET /health": (server, { headers }) => {
    const { options, pipeline, auth } = server;
    const common = { status: "healthy", core_version: options.version, pipeline_busy: pipeline.busy };
    const configuration = { workspace: options.workspace.replace(/[^A-Za-z0-9_]/gu, "_") };
    if (options.generation === "1.4") return ok({ ...common, configuration });
    const active = { ...common, pipeline_active: pipeline.busy || server.enqueuing > 0 };
    return ok(auth.refusal(headers) === null ? { ...active, configuration } : active);
  },
};

export const guardedRoutes: Readonly<Record<string, Route>> = {
  "POST /documents/text": (server, { body }) => insert(server, [body.text], [body.file_source]),
  "POST /documents/texts": (server, { body }) =>
    insert(server, listOf(body.texts), listOf(body.file_sources ?? [])),
  "POST /documents/paginated": ({ store, options }, { body }) => ok(page(store, body, options)),
  "POST /query/data": (server, { body }) => {
    if (server.pipeline.failsAtEverything)
      return refused(500, "Internal server error (error_id: 2ccb47556322)");
    const chunks = server.options.findsAll === true ? chunksOf(server, Number(body.chunk_top_k)) : [];
    if (chunks.length === 0)
      return ok({ status: "failure", message: "Query returned no results", data: {}, metadata: {} });
    return ok({ status: "success", data: { entities: [someone(chunks)], chunks }, metadata: {} });
  },
  "POST /query": (server, { body }) => {
    server.questions.push(body);
    const references = body.mode === "bypass" ? [] : chunksOf(server, 1);
    return ok({ response: "It was said [1].", references });
  },
  "GET /graph/label/popular": ({ store, options }) => ok(knownLabels(store, options)),
  "GET /documents/status_counts": ({ store }) => ok({ status_counts: store.countByStatus() }),
  "GET /documents/pipeline_status": ({ pipeline }) => {
    const { busy, jobName, history } = pipeline;
    const latest_message = history.at(-1) ?? "";
    return ok({ busy, job_name: jobName, latest_message, history_messages: history });
  },
  "POST /documents/reprocess_failed": (server) => {
    if (server.fence !== null) return refused(503, server.fence);
    server.pipeline.kick(true);
    return ok({ status: "reprocessing_started", message: "started", track_id: "" });
  },
  "DELETE /documents/delete_document": (server, { body }) => remove(server, listOf(body.doc_ids).map(String)),
};

/** An entity is found in each processed document, unless the model finds nothing. */
function knownLabels(store: SimulatorStore, { findsNothing }: SimulatedServerOptions): string[] {
  const hasProcessed = (store.countByStatus().processed ?? 0) > 0;
  return hasProcessed && !findsNothing ? ["Something"] : [];
}

/** Oldest first: LightRAG orders by likeness, of which a simulator knows nothing. */
function chunksOf({ store }: SimulatedServer, limit: number) {
  return store
    .withStatus("processed")
    .toSorted((a, b) => a.file_path.localeCompare(b.file_path, "en"))
    .slice(0, limit)
    .map(({ id, file_path }) => ({ chunk_id: `${id}-chunk-000`, content: store.textOf(id), file_path }));
}

/** An entity that every document names. */
function someone(chunks: ReturnType<typeof chunksOf>) {
  const file_path = chunks.map((chunk) => chunk.file_path).join("<SEP>");
  const description = chunks.map((chunk) => chunk.content).join("<SEP>");
  return { entity_name: "Someone", entity_type: "person", description, file_path };
}

/** `GET /documents/track_status/{track_id}` */
export function trackStatus({ store, options }: SimulatedServer, trackId: string): Answer {
  const documents = store.tracked(trackId).map((row) => shown(row, options));
  return ok({ track_id: trackId, documents, total_count: documents.length, status_summary: {} });
}

function insert(server: SimulatedServer, texts: unknown[], sources: unknown[]): Answer {
  const shape = wrongShape(server, texts, sources) ?? fenceAnswer(server) ?? overload(server, texts.length);
  if (shape !== null) return shape;
  const documents = texts.map((text, index): OutgoingDocument => {
    const fileSource = String(sources[index] ?? "").trim();
    return { text: String(text), fileSource };
  });
  const refusal = server.intake.refusal(documents);
  if (refusal !== null) return refusal;
  const trackId = newTrackId();
  enqueue(server, documents, trackId);
  return ok({ status: "success", message: "Processing will continue in background.", track_id: trackId });
}

/** LightRAG stores a document after it has answered. */
function enqueue(server: SimulatedServer, documents: OutgoingDocument[], trackId: string): void {
  const { intake, pipeline, options } = server;
  server.enqueuing += documents.length;
  const store = () => {
    server.enqueuing -= documents.length;
    intake.store(documents, trackId);
    pipeline.kick();
  };
  if (options.enqueueMs > 0)
    void options.wait(options.enqueueMs).then(() => (pipeline.isDead ? undefined : store()));
  else setImmediate(store);
}

function wrongShape({ options }: SimulatedServer, texts: unknown[], sources: unknown[]): Answer | null {
  if (texts.length === 0 || texts.some((text) => typeof text !== "string" || text === ""))
    return refused(422, [{ type: "string_too_short", loc: ["body", "text"], input: texts[0] }]);
  if (options.generation === "1.4") return null;
  if (texts.some((text) => String(text).trim() === ""))
    return refused(500, "Internal server error (error_id: simulated)");
  if (options.maxTexts > 0 && texts.length > options.maxTexts)
    return refused(413, `Too many texts in one request: ${texts.length} (maximum ${options.maxTexts}).`);
  return texts.length === sources.length
    ? null
    : refused(400, "A valid file_source is required for each text");
}

function fenceAnswer({ options, pipeline, fence }: SimulatedServer): Answer | null {
  if (options.generation === "1.4") return null;
  if (fence !== null) return refused(503, fence);
  const busy = "Pipeline is clearing or deleting documents. Wait for the running job to finish.";
  return pipeline.destructive ? refused(409, busy) : null;
}

function overload({ options, store, enqueuing }: SimulatedServer, count: number): Answer | null {
  if (options.maxPending === 0) return null;
  const active = store.withStatus("pending", "processing").length + enqueuing;
  if (active + count <= options.maxPending) return null;
  const detail = `Pipeline is at capacity: ${active} document(s) already active or reserved, ${count} requested, capacity ${options.maxPending}.`;
  return refused(429, detail, { "retry-after": String(options.retryAfterSeconds) });
}

function remove(server: SimulatedServer, ids: string[]): Answer {
  const { options, pipeline, enqueuing } = server;
  if (ids.length === 0) return refused(options.generation === "1.5" ? 500 : 422, "doc_ids");
  const doc_id = ids.join(", ");
  if (server.fence !== null) return ok({ status: "busy", message: server.fence, doc_id });
  const inTheWay = pipeline.busy || (options.generation === "1.5" && enqueuing > 0);
  if (inTheWay)
    return ok({ status: "busy", message: "Cannot delete documents while pipeline is busy", doc_id });
  pipeline.startDeleting(ids);
  return ok({ status: "deletion_started", message: "started", doc_id });
}

function shown(row: SimulatedRow, { showRecord }: SimulatedServerOptions): SimulatedRow {
  return showRecord === undefined ? row : showRecord(row);
}

function page(store: SimulatorStore, body: Record<string, unknown>, options: SimulatedServerOptions) {
  const pageNumber = Number(body.page ?? 1);
  const pageSize = Number(body.page_size ?? 50);
  const rows = ordered(store, body).filter(
    ({ status }) => body.status_filter === undefined || status === body.status_filter,
  );
  const total_pages = Math.ceil(rows.length / pageSize);
  const documents = rows
    .slice((pageNumber - 1) * pageSize, pageNumber * pageSize)
    .map((row) => shown(row, options));
  const pagination = { page: pageNumber, page_size: pageSize, total_count: rows.length, total_pages };
  return { documents, pagination, status_counts: store.countByStatus() };
}

function ordered(
  store: SimulatorStore,
  { sort_field, sort_direction }: Record<string, unknown>,
): SimulatedRow[] {
  const rows = sort_field === "id" ? store.sortedById() : store.newestLast();
  return sort_direction === "asc" ? rows : rows.toReversed();
}

let inserts = 0;

function newTrackId(): string {
  inserts += 1;
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/gu, "").replace("T", "_");
  return `insert_${stamp}_${inserts.toString(16).padStart(8, "0")}`;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}
