import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { CircuitBreaker, CircuitSnapshot } from "../../../kernel/http/circuit-breaker.ts";
import { HttpClient } from "../../../kernel/http/http-client.ts";
import type { KnowledgeReader } from "../knowledge-reader.ts";
import type {
  DocumentRecord,
  DocumentRef,
  LightRagClient,
  OutgoingDocument,
  SinkInfo,
  SubmitOutcome,
} from "../light-rag-client.ts";
import { Acceptances } from "./acceptances.ts";
import { ApiKnowledgeReader } from "./api-knowledge-reader.ts";
import { type Connection, createBreaker, openConnection } from "./connection.ts";
import { DocumentListing } from "./document-listing.ts";
import { DuplicateResolver } from "./duplicate-resolver.ts";
import { Finder } from "./finder.ts";
import { Inserter } from "./inserter.ts";
import { labelsAnswer } from "./knowledge-wire.ts";
import { modelsAnswer } from "./model-probe.ts";
import { type LightRagApiOptions, type ResolvedOptions, resolveOptions } from "./options.ts";
import { OutcomeResolver } from "./outcome-resolver.ts";
import { Pipeline } from "./pipeline.ts";
import { Remover } from "./remover.ts";
import type { JsonHttp } from "./session.ts";

/** The most concurrent requests. */
const maxConcurrent = 16;
/** The largest answer: a full page of records with long error messages is far smaller. Bytes. */
const maxBodyBytes = 64 * 1024 * 1024;

/** The parts for a connected server. */
interface Parts {
  connection: Connection;
  listing: DocumentListing;
  finder: Finder;
  inserter: Inserter;
  remover: Remover;
  pipeline: Pipeline;
}

/** LightRAG behind its HTTP API, in either generation. */
export class LightRagApiClient implements LightRagClient {
  readonly #options: LightRagApiOptions;
  readonly #resolved: ResolvedOptions;
  readonly #http: JsonHttp;
  readonly #breaker: CircuitBreaker;
  readonly #acceptances: Acceptances;
  #parts: Parts | null = null;

  /**
   * @param http used instead of an HTTP client that is created from the options
   */
  constructor(options: LightRagApiOptions, http?: JsonHttp) {
    this.#options = options;
    this.#resolved = resolveOptions(options);
    const { clock, graceMs } = this.#resolved;
    this.#breaker = createBreaker(this.#resolved);
    this.#http = http ?? httpClientFor(options, this.#resolved, this.#breaker);
    this.#acceptances = new Acceptances(clock, graceMs);
  }

  /** The state of the circuit to the server. */
  get circuit(): CircuitSnapshot {
    return this.#breaker.snapshot();
  }

  /** Calls `listener` whenever `circuit` changes its state; returns a function that stops it. */
  onCircuitChange(listener: (circuit: CircuitSnapshot) => void): () => void {
    return this.#breaker.onChange(listener);
  }

  /** Fails immediately with `SINK_BREAKER_OPEN` while the circuit is open; other calls wait for a while. */
  async connect(signal: AbortSignal): Promise<SinkInfo> {
    const connection = await openConnection(this.#http, this.#options, this.#resolved, signal);
    this.#parts = assemble(connection, this.#acceptances, this.#resolved);
    return connection.info;
  }

  predictDocumentId(document: OutgoingDocument): string {
    return this.#connected().connection.dialect.documentId(document);
  }

  submit(documents: readonly OutgoingDocument[], signal: AbortSignal): Promise<SubmitOutcome[]> {
    return this.#connected().inserter.submit(documents, signal);
  }

  find(refs: readonly DocumentRef[], signal: AbortSignal): Promise<(DocumentRecord | undefined)[]> {
    return this.#connected().finder.find(refs, signal);
  }

  async *list(signal: AbortSignal): AsyncGenerator<DocumentRecord[]> {
    for await (const { documents } of this.#connected().listing.everyPage(signal))
      yield documents.filter(({ duplicateOf }) => duplicateOf === undefined).map(({ record }) => record);
  }

  /** A server rebuilds knowledge by itself. */
  async remove(documentIds: readonly string[], signal: AbortSignal): Promise<readonly ConnectorError[]> {
    await this.#connected().remover.remove(documentIds, signal);
    return [];
  }

  isBusy(signal: AbortSignal): Promise<boolean> {
    return this.#connected().pipeline.isBusy(signal);
  }

  resumeInterrupted(signal: AbortSignal): Promise<void> {
    return this.#connected().pipeline.resumeInterrupted(signal);
  }

  modelsAnswer(signal: AbortSignal): Promise<boolean | null> {
    return modelsAnswer(this.#connected().connection.session, this.#resolved.clock, signal);
  }

  async holdsEntities(signal: AbortSignal): Promise<boolean | null> {
    const { session } = this.#connected().connection;
    const request = { method: "GET", path: ["graph", "label", "popular"], query: { limit: 1 } } as const;
    try {
      return (await session.read(request, labelsAnswer, signal)).length > 0;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ConnectorError) return null;
      throw error;
    }
  }

  /** Reads the server's knowledge over the same connection. */
  knowledge(): KnowledgeReader {
    return new ApiKnowledgeReader(this.#connected().connection.session);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #connected(): Parts {
    if (this.#parts !== null) return this.#parts;
    throw new ConnectorError("INTERNAL", "the LightRAG client was used before it was connected");
  }
}

function httpClientFor(
  { onAttempt, ca }: LightRagApiOptions,
  { url, timeoutMs, attemptTimeoutMs, retry, clock, random }: ResolvedOptions,
  breaker: CircuitBreaker,
): HttpClient {
  return new HttpClient({
    baseUrl: url,
    traced: "lightrag",
    attemptTimeoutMs,
    totalTimeoutMs: timeoutMs,
    maxBodyBytes,
    maxConcurrent,
    retry,
    breaker,
    clock,
    random,
    onAttempt,
    ca,
  });
}

function assemble(connection: Connection, acceptances: Acceptances, options: ResolvedOptions): Parts {
  const { session, dialect } = connection;
  const { clock, pollMs, settleMs, removeMs, timeoutMs: patienceMs } = options;
  const listing = new DocumentListing(session);
  const finder = new Finder(listing, acceptances);
  const pipeline = new Pipeline({ session, listing, clock, pollMs });
  const remover = new Remover({ session, listing, finder, pipeline, acceptances, clock, pollMs, removeMs });
  const resolver = new DuplicateResolver({ listing, finder, remover, dialect });
  const outcomeResolver = new OutcomeResolver({ finder, dialect, pipeline, clock, settleMs, pollMs });
  const inserter = new Inserter({
    session,
    dialect,
    acceptances,
    finder,
    resolver,
    outcomeResolver,
    clock,
    patienceMs,
  });
  return { connection, listing, finder, inserter, remover, pipeline };
}
