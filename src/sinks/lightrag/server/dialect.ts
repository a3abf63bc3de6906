import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { HttpError } from "../../../kernel/http/http-error.ts";
import { documentIdOf } from "../document-id.ts";
import type { OutgoingDocument, ServerGeneration } from "../light-rag-client.ts";
import { detailOf } from "./errors.ts";

/** The answer to a successful insert: accepted, or not accepted because LightRAG already holds its name or its text. */
export type InsertAnswer =
  | { kind: "accepted"; trackId: string }
  | { kind: "exists"; trackId: string | undefined };

/** The differences between the two generations of LightRAG; everything else is common code. */
export interface Dialect {
  readonly generation: ServerGeneration;
  /**
   * The most documents of one insert. LightRAG 1.4 silently drops a whole batch when one of its documents is a duplicate (LightRAG
   * contract §3.3), so it gets single inserts.
   */
  readonly maxBatch: number;
  documentId(document: OutgoingDocument): string;
  /** Reads the answer of a successful insert. */
  readAnswer(status: string, trackId: string): InsertAnswer;
  /** Whether an insert was refused because a document of that name exists. Nothing was accepted then. */
  isConflict(refusal: HttpError): boolean;
}

/** LightRAG 1.5 identifies a document by its name; an existing name is refused with 409. */
export const dialect15: Dialect = {
  generation: "1.5",
  maxBatch: 50,
  documentId: (document) => documentIdOf("1.5", document),
  readAnswer: (_status, trackId) => ({ kind: "accepted", trackId }),
  // Other 409s are fences: a deletion, a scan or a retry of failed documents is running (LightRAG contract §3.4).
  isConflict: (refusal) => refusal.status === 409 && detailOf(refusal).includes("already contains"),
};

/**
 * LightRAG 1.4 identifies a document by its text; a duplicate is answered with 200 `duplicated` and the track id of the existing document.
 */
export const dialect14: Dialect = {
  generation: "1.4",
  maxBatch: 1,
  documentId: (document) => documentIdOf("1.4", document),
  readAnswer: (status, trackId) =>
    status === "duplicated"
      ? { kind: "exists", trackId: trackId || undefined }
      : { kind: "accepted", trackId },
  isConflict: () => false,
};

/** What earlier releases of 1.4 lack (LightRAG contract, corrections); the first match counts. */
const lacking = [
  { before: 5, paths: "POST /documents/paginated: what LightRAG holds cannot be read" },
  { before: 9, paths: "POST /query/data and GET /graph/label/search: what LightRAG knows cannot be read" },
] as const;

/**
 * The dialect of a server version such as `1.4.9.9` or `1.5.7`. Releases of 1.x after 1.5 are treated like 1.5. Throws
 * `SINK_UNSUPPORTED` for anything else, and for releases of 1.4 before 1.4.9.
 */
export function dialectOf(version: string, url: string): Dialect {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/u.exec(version) ?? [];
  if (major === "1" && Number(minor) >= 5) return dialect15;
  if (major === "1" && Number(minor) === 4) {
    const missing = patch === undefined ? undefined : lacking.find(({ before }) => Number(patch) < before);
    if (missing === undefined) return dialect14;
    throw new ConnectorError("SINK_UNSUPPORTED", `LightRAG ${version} at ${url} lacks ${missing.paths}`, {
      subject: url,
      hint: "upgrade the LightRAG server to 1.4.9 or a later 1.x",
    });
  }
  throw new ConnectorError("SINK_UNSUPPORTED", `LightRAG ${version || "of unknown version"} at ${url}`, {
    subject: url,
    hint: "use a LightRAG server of version 1.4.9 or a later 1.x",
  });
}
