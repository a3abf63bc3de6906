import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { OutgoingDocument } from "../../sinks/lightrag/light-rag-client.ts";
import { deliveryStateOf } from "../delivery-state.ts";
import { documentRef, renderDelivered } from "../render-document.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import { isClearYes } from "./outcomes.ts";
import { isRefusal } from "./suspects.ts";
import type { Delivery } from "./write-down.ts";

export type WitnessParts = Pick<DeliverParts, "sink" | "known" | "transformer" | "enricher">;

/**
 * A document that LightRAG holds: one that it has taken in this run, or one whose memory the source shows unchanged. Offered once more
 * it tells whether LightRAG takes documents at all; nothing is doubled by it, because LightRAG lists it already and answers just that.
 */
export class Witness {
  #accepted: Delivery | null = null;

  /** The last one is the best one. `row` is the row of the accepted document. */
  remember(delivery: Delivery): void {
    this.#accepted = delivery;
  }

  /** Whether LightRAG answers as it should; null when there is no document that could be offered. */
  async testify(parts: WitnessParts, signal: AbortSignal): Promise<boolean | null> {
    const known = this.#accepted ?? (await writtenAgain(parts, signal));
    if (known === null) return null;
    const { sink } = parts;
    const { row, document } = known;
    const [record] = await sink.find([documentRef(row)], signal);
    // One that LightRAG does not list yet would be taken a second time.
    if (record === undefined || record.awaited === true) return null;
    const { kind } = deliveryStateOf(sink, record, { row, text: summarize(document.text) });
    if (kind !== "proved" && kind !== "wait") return null;
    // A refusal may be a passing one, and a whole run ends by it.
    return (await isTaken(sink, document, signal)) || (await isTaken(sink, document, signal));
  }
}

/** Null for a LightRAG that is busy. */
async function isTaken(
  sink: WitnessParts["sink"],
  document: OutgoingDocument,
  signal: AbortSignal,
): Promise<boolean | null> {
  try {
    const [outcome] = await sink.submit([document], signal);
    return outcome !== undefined && isClearYes(outcome);
  } catch (error) {
    if (!isConnectorError(error) || signal.aborted) throw error;
    if (isRefusal(error.code)) return false;
    if (error.code === "SINK_BUSY") return null;
    throw error;
  }
}

async function writtenAgain(
  { known, ...parts }: WitnessParts,
  signal: AbortSignal,
): Promise<Delivery | null> {
  if (known.first === null) return null;
  const { row, memory } = known.first;
  const text = await renderDelivered(parts, row, memory, signal);
  return text === null ? null : { row, document: { fileSource: row.fileSource, text } };
}
