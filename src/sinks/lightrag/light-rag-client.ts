import type { ErrorCode } from "../../kernel/errors/codes.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** A document to be inserted. */
export interface OutgoingDocument {
  /** Flat, unique, reversible name; see `documents/file-source.ts`. LightRAG shows the document by it. */
  fileSource: string;
  text: string;
}

/** The known identifiers of a document, by which it can be found again. */
export interface DocumentRef {
  fileSource: string;
  /** From `predictDocumentId` or from an earlier record. */
  documentId: string;
  /** Absent when the answer to the insert was lost. */
  trackId?: string | undefined;
}

/**
 * LightRAG's statuses, reduced to four (contract §4.1): `pending` accepted and not started, `processing` being parsed, analysed or
 * indexed, and the two final ones.
 */
export type DocumentStatus = "pending" | "processing" | "processed" | "failed";

/** LightRAG's own record of a document. */
export interface DocumentRecord {
  documentId: string;
  fileSource: string;
  status: DocumentStatus;
  /** LightRAG has accepted the document and does not list it yet: the status `pending` is our own. */
  awaited?: boolean | undefined;
  trackId: string | undefined;
  /** 0 unless processed. `processed` with 0 chunks proves nothing. */
  chunks: number;
  /** The number of entities that the model found in it, if known: in direct mode, once it is processed. */
  entities?: number | undefined;
  /** LightRAG's own message when it failed. */
  error: string | undefined;
  /** Our code for the failure, if known: in direct mode. */
  errorCode?: ErrorCode | undefined;
  /** The failure was the model's (quota, rate limit, key, unreachable): trying another document now is pointless. */
  modelUnavailable: boolean;
  /** The first 250 characters of the stored text; longer texts end in `...`. */
  contentSummary: string;
  /** Code points of the stored text. */
  contentLength: number;
  /** LightRAG's last change of the record. Milliseconds since the epoch. */
  updatedAt: number;
}

/**
 * The outcome for one document of a `submit`:
 * - `accepted`  LightRAG has accepted it; processing is still to be proved.
 * - `exists`    LightRAG already holds a document of that name or text; `holdsText` (document-text.ts) says whether it is the same text.
 * - `rejected`  it will never be accepted unchanged. The error's reaction is `skip-item`.
 *
 * `unanswered`: LightRAG's answer was lost, and the outcome was found in its records.
 */
export type SubmitOutcome =
  | { kind: "accepted"; documentId: string; trackId: string; unanswered?: true }
  | { kind: "exists"; record: DocumentRecord; unanswered?: true }
  | { kind: "rejected"; error: ConnectorError };

export type ServerGeneration = "1.4" | "1.5";

/** Facts about the server or folder, found at `connect`. */
export interface SinkInfo {
  mode: "api" | "direct";
  generation: ServerGeneration;
  /** LightRAG's own version string. */
  version: string;
  /** Where documents are stored; for people. URL without secrets, or folder. */
  location: string;
  /** As reported; "" is the default workspace. Null when it is not reported, so that it could not be compared. */
  workspace: string | null;
  /** The most documents that one `submit` can safely carry. 1 means single inserts. */
  maxBatch: number;
  /** An upper bound of the number of stored documents; absent when unknown. */
  documents?: number;
  /** The folder does not exist yet. */
  isNew?: true;
  /** Rules of this program find the entities, and no chat model is asked for them. */
  hasBuiltinExtractor?: true;
}

/** What one page of a listing brings at most: LightRAG's own limit. */
export const documentsPerPage = 200;

/**
 * The port to LightRAG. Contract:
 * - `connect` comes first; it may be called again and then refreshes its information. It throws `SINK_*` errors for a wrong key, an
 *   unknown generation, an unreachable server, and `SINK_WORKSPACE_MISMATCH`.
 * - Transient failures are retried inside, bounded in time; what is thrown is final for the call. `SINK_BUSY` (with `retryAfterMs`)
 *   means that nothing of the call was accepted and the same call may be repeated later.
 * - Submitting is at-most-once per call: an insert whose answer was lost is not sent again but looked up; if the outcome stays
 *   unknown, `SINK_OUTCOME_UNKNOWN` is thrown and `find` shows it later.
 * - Errors never carry keys, tokens or document text.
 */
export interface LightRagClient {
  connect(signal: AbortSignal): Promise<SinkInfo>;

  /**
   * Throws `DIRECT_FOLDER_LOCKED` while another process works on the folder; says nothing about a server. Takes nothing, so that a run that
   * could not begin is none.
   */
  requireFree?(): void;

  /** The id that LightRAG will give to this document. Pure; needs `connect` first, because the id depends on the generation. */
  predictDocumentId(document: OutgoingDocument): string;

  /** Outcomes in the order of the documents. At most `maxBatch` of them, names distinct. */
  submit(documents: readonly OutgoingDocument[], signal: AbortSignal): Promise<SubmitOutcome[]>;

  /**
   * LightRAG's records of these documents, in the order of the refs; undefined for those without one. Its notes of refused
   * duplicates (`dup-…`) are never returned as the document: the original is.
   */
  find(refs: readonly DocumentRef[], signal: AbortSignal): Promise<(DocumentRecord | undefined)[]>;

  /**
   * All documents that LightRAG holds, by page, of any origin; its notes of refused duplicates are omitted. When documents are
   * added or removed meanwhile, another one may appear twice, and on a server may even be missed: `find` is authoritative.
   */
  list(signal: AbortSignal): AsyncIterable<readonly DocumentRecord[]>;

  /**
   * Deletes documents and resolves when LightRAG no longer lists any of them and accepts inserts again. Unknown ids are allowed.
   * Throws `SINK_BUSY` when the pipeline does not become idle in time. Resolves to the texts that models refused when the remaining
   * knowledge was rebuilt; the documents are deleted anyway.
   */
  remove(documentIds: readonly string[], signal: AbortSignal): Promise<readonly ConnectorError[]>;

  /**
   * Whether LightRAG is processing anything now. A server that stays idle with unfinished documents was interrupted; it is also
   * idle for a moment after an acceptance.
   */
  isBusy(signal: AbortSignal): Promise<boolean>;

  /** Asks LightRAG to resume documents that a restart or a crash interrupted. Harmless when there are none. */
  resumeInterrupted(signal: AbortSignal): Promise<void>;

  /**
   * The result of `connect` for clients whose `connect` has side effects: nothing is created, locked or resumed here. `thorough`
   * reads everything.
   */
  inspect?(signal: AbortSignal, options: { thorough: boolean }): Promise<SinkInfo>;

  /** Whether LightRAG holds any entity at all, of any origin; null when unknown. Costs one small request. */
  holdsEntities?(signal: AbortSignal): Promise<boolean | null>;

  /**
   * Whether the models of a server answer a question of a few words; null when unknown. It costs a call of each model, and is used
   * only when document after document has failed. Direct mode evaluates its models' answers itself.
   */
  modelsAnswer?(signal: AbortSignal): Promise<boolean | null>;

  /**
   * Probes the models of direct mode, which cost something and are not used before there is work. Resolves to a sentence for
   * people; throws `MODEL_*`. A server's models cannot be probed directly.
   */
  checkModels?(signal: AbortSignal): Promise<string>;

  /** Releases connections; in direct mode flushes and unlocks the folder. Further calls are a defect. */
  close(): Promise<void>;
}
