import type { ErrorCode } from "../../kernel/errors/codes.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** A document on its way in. */
export interface OutgoingDocument {
  /** Flat, unique, reversible name; see `transform/file-source.ts`. It is how LightRAG shows the document. */
  fileSource: string;
  text: string;
}

/** Enough to find a document again, whatever is known of it. */
export interface DocumentRef {
  fileSource: string;
  /** From `predictDocumentId` or from an earlier record. */
  documentId: string;
  /** Absent when the answer to the insert was never seen. */
  trackId?: string | undefined;
}

/**
 * LightRAG's statuses in the four that matter (contract §4.1): `pending` accepted and not started, `processing` being
 * parsed, analysed or indexed, and the two final ones.
 */
export type DocumentStatus = "pending" | "processing" | "processed" | "failed";

/** What LightRAG's own records say of a document. */
export interface DocumentRecord {
  documentId: string;
  fileSource: string;
  status: DocumentStatus;
  /** LightRAG has accepted the document and does not list it yet: `pending` is our own word for it. */
  awaited?: boolean | undefined;
  trackId: string | undefined;
  /** 0 unless processed. `processed` with 0 chunks is not proof of anything. */
  chunks: number;
  /** How many entities LightRAG's model found in it, where a record tells: in direct mode, once it is processed. */
  entities?: number | undefined;
  /** LightRAG's own words when it failed. */
  error: string | undefined;
  /** Why it failed, where that is known by a code of ours: in direct mode. */
  errorCode?: ErrorCode | undefined;
  /** The failure came from the model's side (quota, rate limit, key, unreachable): trying another document now is no use. */
  modelUnavailable: boolean;
  /** The first 250 characters of the stored text; longer texts end in `...`. */
  contentSummary: string;
  /** Code points of the stored text. */
  contentLength: number;
  /** LightRAG's last change of the record. Milliseconds since the epoch. */
  updatedAt: number;
}

/**
 * What became of one document of a `submit`:
 * - `accepted`  LightRAG has taken it; processing is still to be proved.
 * - `exists`    LightRAG holds a document of that name or text already; `holdsText` (document-text.ts) says whether it is
 *               the text that was offered.
 * - `rejected`  it will never be taken as it is. The error's reaction is `skip-item`.
 *
 * `unanswered`: LightRAG's answer was lost, and its records showed what had become of the document.
 */
export type SubmitOutcome =
  | { kind: "accepted"; documentId: string; trackId: string; unanswered?: true }
  | { kind: "exists"; record: DocumentRecord; unanswered?: true }
  | { kind: "rejected"; error: ConnectorError };

export type ServerGeneration = "1.4" | "1.5";

/** Facts about the other end, found at `connect`. */
export interface SinkInfo {
  mode: "api" | "direct";
  generation: ServerGeneration;
  /** LightRAG's own version string. */
  version: string;
  /** Where documents go; for people. URL without secrets, or folder. */
  location: string;
  /** As the other end reports it; "" is the default one. null when it does not say, so that it could not be compared. */
  workspace: string | null;
  /** How many documents one `submit` may carry and still be safe. 1 means singles. */
  maxBatch: number;
  /** How many documents it holds, at most; left out where it does not say. */
  documents?: number;
  /** A folder that is yet to be made. */
  isNew?: true;
}

/**
 * The port to LightRAG. Contract:
 * - `connect` comes first; it may be called again and then re-reads what it learnt. It throws `SINK_*` errors for a wrong
 *   key, an unknown generation, an unreachable server, and `SINK_WORKSPACE_MISMATCH`.
 * - Retries of passing faults happen inside, bounded in time; what is thrown is final for the call. `SINK_BUSY` (with
 *   `retryAfterMs`) means that nothing of the call was taken and the same call may be made later.
 * - Submitting is at-most-once per call: an insert whose answer was lost is not sent again but looked up; when that does
 *   not settle it, `SINK_OUTCOME_UNKNOWN` is thrown and `find` tells later.
 * - Errors never carry keys, tokens or document text.
 */
export interface LightRagClient {
  connect(signal: AbortSignal): Promise<SinkInfo>;

  /** The id that LightRAG will give to this document. Pure; needs `connect` first because it depends on the generation. */
  predictDocumentId(document: OutgoingDocument): string;

  /** Outcomes in the order of the documents. At most `maxBatch` of them, names distinct. */
  submit(documents: readonly OutgoingDocument[], signal: AbortSignal): Promise<SubmitOutcome[]>;

  /**
   * LightRAG's records of these documents, in the order of the refs; undefined where it has none. Its notes of refused
   * duplicates (`dup-…`) are never returned as the document: the original is.
   */
  find(refs: readonly DocumentRef[], signal: AbortSignal): Promise<(DocumentRecord | undefined)[]>;

  /**
   * All documents that LightRAG holds, by page, whoever put them there; its notes of refused duplicates are left out. One that is
   * there all the time may come twice when others come and go meanwhile, and on a server may then be passed over: `find`
   * settles what matters.
   */
  list(signal: AbortSignal): AsyncIterable<readonly DocumentRecord[]>;

  /**
   * Deletes documents and resolves when LightRAG no longer lists any of them and accepts inserts again. Ids that it does not
   * have are fine. Throws `SINK_BUSY` when the pipeline does not come to rest in time. Resolves to what models refused of the knowledge that
   * is left and had to be made anew; the documents are gone all the same.
   */
  remove(documentIds: readonly string[], signal: AbortSignal): Promise<readonly ConnectorError[]>;

  /**
   * Whether LightRAG is working on anything now. A server that stays idle with unfinished documents has been interrupted; for a
   * moment after an acceptance it is idle as well.
   */
  isBusy(signal: AbortSignal): Promise<boolean>;

  /** Asks LightRAG to resume documents that a restart or a crash interrupted. Harmless when there are none. */
  resumeInterrupted(signal: AbortSignal): Promise<void>;

  /**
   * What `connect` would tell, for a `connect` that changes something: here nothing is made, locked or taken up. `thorough` reads all
   * that is there.
   */
  inspect?(signal: AbortSignal, options: { thorough: boolean }): Promise<SinkInfo>;

  /** Whether LightRAG holds any entity at all, of any origin; null when unknown. Costs one small request. */
  holdsEntities?(signal: AbortSignal): Promise<boolean | null>;

  /**
   * Whether the models of a server answer a question of a few words; null when that cannot be told. It costs a call of each model, and is
   * asked only when document after document has failed. Direct mode judges its models' answers itself.
   */
  modelsAnswer?(signal: AbortSignal): Promise<boolean | null>;

  /**
   * Tries the models of direct mode, which cost something and which nothing else tries before there is work. Says for people what
   * was found; throws `MODEL_*`. A server's models are not ours to ask.
   */
  checkModels?(signal: AbortSignal): Promise<string>;

  /** Releases connections; in direct mode flushes and unlocks the folder. Further calls are a defect. */
  close(): Promise<void>;
}
