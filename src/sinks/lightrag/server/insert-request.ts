import type { HttpError } from "../../../kernel/http/http-error.ts";
import type { HttpRequest } from "../../../kernel/http/http-request.ts";
import { sendableText } from "../clean-text.ts";
import type { OutgoingDocument } from "../light-rag-client.ts";
import type { Dialect } from "./dialect.ts";
import { detailOf, isFenced } from "./errors.ts";

/** The insert request for one or several documents. Retried only when it certainly did not arrive. */
export function insertRequest(documents: readonly OutgoingDocument[]): HttpRequest {
  const texts = documents.map(({ text }) => sendableText(text));
  const sources = documents.map(({ fileSource }) => fileSource);
  const [text, file_source] = [texts[0], sources[0]];
  const common = { method: "POST", retry: "undelivered" } as const;
  return documents.length === 1
    ? { ...common, path: ["documents", "text"], json: { text, file_source } }
    : { ...common, path: ["documents", "texts"], json: { texts, file_sources: sources } };
}

type Batch = readonly OutgoingDocument[];

/** Far below the server's body limit, so that a batch is rarely refused for its size. UTF-16 units. */
const batchLength = 4 * 1024 * 1024;

/** Divides documents into batches of at most `maxCount` documents, with bodies that no server refuses. */
export function batchesOf(documents: Batch, maxCount: number): Batch[] {
  const batches: OutgoingDocument[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const document of documents) {
    length += document.text.length;
    if (length > batchLength || batches.at(-1)?.length === maxCount) {
      batches.push([]);
      length = document.text.length;
    }
    batches.at(-1)?.push(document);
  }
  return batches;
}

/**
 * What a failed insert means (LightRAG contract §3.4):
 * - `conflict`   a document of that name exists; nothing was accepted
 * - `later`      not now; nothing was accepted
 * - `too-large`  too many bytes or texts for one request; nothing was accepted
 * - `invalid`    one of the documents is not acceptable; nothing was accepted
 * - `lost`       the request was sent and its outcome is unknown
 * - `final`      nothing was accepted, and the same call would fail again
 */
type Refusal = "conflict" | "later" | "too-large" | "invalid" | "lost" | "final";

const byStatus: Readonly<Record<number, Refusal>> = {
  400: "invalid",
  408: "lost",
  409: "later",
  413: "too-large",
  422: "invalid",
  429: "later",
};

export function refusalOf(error: HttpError, dialect: Dialect): Refusal {
  if (error.undelivered || error.failure === "redirect") return "final";
  if (error.failure !== "status" || error.status === undefined) return "lost";
  if (dialect.isConflict(error)) return "conflict";
  if (error.status === 503) return unavailable(detailOf(error));
  if (error.status === 429 && exceedsCapacity(detailOf(error))) return "too-large";
  return byStatus[error.status] ?? (error.status >= 500 ? "lost" : "final");
}

/** A 503 with an explanation is LightRAG's own and means that nothing was accepted; one without may be a proxy's. */
function unavailable(detail: string): Refusal {
  if (detail === "") return "lost";
  return isFenced(detail) ? "final" : "later";
}

/** A batch that is larger than `MAX_PENDING_DOCUMENTS` never fits, however long the wait. */
function exceedsCapacity(detail: string): boolean {
  const [, requested, capacity] = /(\d+) requested, capacity (\d+)/u.exec(detail) ?? [];
  return Number(requested) > Number(capacity);
}
