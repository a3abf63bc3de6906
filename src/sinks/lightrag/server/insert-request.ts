import type { HttpRequest } from "../../../kernel/http/http-request.ts";
import { sendableText } from "../clean-text.ts";
import type { OutgoingDocument } from "../light-rag-client.ts";

/** The insert of one or several documents. Sent again only when it certainly did not arrive. */
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

/** Far below the server's limit for a body, so that a batch is rarely refused for its size. UTF-16 units. */
const batchLength = 4 * 1024 * 1024;

/** Cuts documents into batches of at most `maxCount` documents and a body that no server refuses. */
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
