import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { OutgoingDocument } from "../../sinks/lightrag/light-rag-client.ts";
import { deliveryStateOf } from "../delivery-state.ts";
import { documentRef, renderDelivered } from "../render-document.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import { type Delivery, isConfirmed } from "./delivery-events.ts";
import { isRefusal } from "./suspects.ts";

export type AcceptanceProbeParts = Pick<DeliverParts, "sink" | "known" | "transformer" | "enricher">;

/**
 * Probes whether LightRAG accepts documents at all, by sending again one that it holds: accepted in this run, or of a memory that
 * the source shows unchanged. This creates no duplicate, because LightRAG already lists the document and answers so.
 */
export class AcceptanceProbe {
  #accepted: Delivery | null = null;

  /** Keeps the latest accepted document, with its row. */
  remember(delivery: Delivery): void {
    this.#accepted = delivery;
  }

  /** Whether LightRAG answers properly; null when there is no document to send. */
  async probe(parts: AcceptanceProbeParts, signal: AbortSignal): Promise<boolean | null> {
    const known = this.#accepted ?? (await writtenAgain(parts, signal));
    if (known === null) return null;
    const { sink } = parts;
    const { row, document } = known;
    const [record] = await sink.find([documentRef(row)], signal);
    // A document that LightRAG does not list yet would be accepted a second time.
    if (record === undefined || record.awaited === true) return null;
    const { kind } = deliveryStateOf(sink, record, { row, text: summarize(document.text) });
    if (kind !== "proved" && kind !== "wait") return null;
    // A refusal may be transient, and would end the whole run.
    return (await isTaken(sink, document, signal)) || (await isTaken(sink, document, signal));
  }
}

/** Null when LightRAG is busy. */
async function isTaken(
  sink: AcceptanceProbeParts["sink"],
  document: OutgoingDocument,
  signal: AbortSignal,
): Promise<boolean | null> {
  try {
    const [outcome] = await sink.submit([document], signal);
    return outcome !== undefined && isConfirmed(outcome);
  } catch (error) {
    if (!isConnectorError(error) || signal.aborted) throw error;
    if (isRefusal(error.code)) return false;
    if (error.code === "SINK_BUSY") return null;
    throw error;
  }
}

async function writtenAgain(
  { known, ...parts }: AcceptanceProbeParts,
  signal: AbortSignal,
): Promise<Delivery | null> {
  if (known.first === null) return null;
  const { row, memory } = known.first;
  const text = await renderDelivered(parts, row, memory, signal);
  return text === null ? null : { row, document: { fileSource: row.fileSource, text } };
}
