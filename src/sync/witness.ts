import { isConnectorError } from "../errors/connector-error.ts";
import { summarize } from "../lightrag/document-text.ts";
import { isClearYes } from "./outcomes.ts";
import type { RunContext } from "./run-context.ts";
import { isRefusal } from "./suspects.ts";
import { verdictOf } from "./verdict.ts";
import { documentRef } from "./wanted.ts";
import type { Delivery } from "./write-down.ts";

/**
 * A document that LightRAG has taken in this run. Offered once more it tells whether LightRAG takes documents at all; nothing is
 * doubled by it, because LightRAG lists it already and answers just that.
 */
export class Witness {
  private known: Delivery | null = null;

  /** The last one is the best one. `row` is the row of the accepted document. */
  remember(delivery: Delivery): void {
    this.known = delivery;
  }

  /** Whether LightRAG answers as it should; null when there is no document that could be offered. */
  async testify({ sink, signal }: Pick<RunContext, "sink" | "signal">): Promise<boolean | null> {
    if (this.known === null) return null;
    const { row, document } = this.known;
    const [record] = await sink.find([documentRef(row)], signal);
    if (record === undefined) return null;
    const { kind } = verdictOf(sink, record, { row, text: summarize(document.text) });
    if (kind !== "proved" && kind !== "wait") return null;
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
}
