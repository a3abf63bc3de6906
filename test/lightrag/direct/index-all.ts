import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { LightRagClient, OutgoingDocument } from "../../../src/sinks/lightrag/light-rag-client.ts";

const signal = new AbortController().signal;

/** Delivers documents one after the other, each when the one before is processed: the order is then the same everywhere. */
export async function indexInOrder(
  client: LightRagClient,
  documents: readonly OutgoingDocument[],
): Promise<void> {
  for (const document of documents) {
    const [outcome] = await client.submit([document], signal);
    expect(outcome).toMatchObject({ kind: "accepted" });
    await untilFinished(client, document);
  }
}

/** Waits until a document is processed. */
export async function untilFinished(client: LightRagClient, document: OutgoingDocument): Promise<void> {
  const ref = { fileSource: document.fileSource, documentId: client.predictDocumentId(document) };
  for (;;) {
    const [record] = await client.find([ref], signal);
    if (record?.status === "failed") throw new Error(`${document.fileSource} failed: ${record.error}`);
    if (record?.status === "processed" && !(await client.isBusy(signal))) return;
    await delay(5);
  }
}

/** The same documents with a changed text. */
export function changed(documents: readonly OutgoingDocument[]): OutgoingDocument[] {
  return documents.map(({ fileSource, text }) => ({
    fileSource,
    text: `${text}\nLater Maria Gonzales of Harbour Bank in Lisbon wrote to Melanie about the Summer Festival.`,
  }));
}

export function idsOf(client: LightRagClient, documents: readonly OutgoingDocument[]): string[] {
  return documents.map((document) => client.predictDocumentId(document));
}
