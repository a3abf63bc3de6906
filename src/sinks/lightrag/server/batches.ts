import type { OutgoingDocument } from "../light-rag-client.ts";

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
