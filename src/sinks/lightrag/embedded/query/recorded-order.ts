import { compareCodePoints } from "../../../../kernel/util/code-point-order.ts";
import { contextPartOf, readMemoryDocuments } from "../../memory-document.ts";
import type { ChunkRecord } from "../storage/records.ts";

/** The weight of a neighbour, by its distance in positions. */
const weightByDistance = [0.7, 0.5, 0.35];
/** At this distance in time the weight of a neighbour is e⁻¹. Milliseconds. */
const closeness = 15 * 60_000;
const least = 0.01;

/** A chunk near another one: its position in the list and its weight, 0 to 1. */
export type Neighbour = readonly [at: number, weight: number];

/**
 * For every chunk, the chunks before and after it: other parts of its document, and memories of the same context from within
 * minutes. People answer in the next memory what they were asked in the last, so neighbours show what a chunk is about. The lists
 * are symmetric.
 */
export function neighboursOf(
  chunks: readonly ChunkRecord[],
  placed: readonly Placed[] = inRecordedOrder(chunks),
): Neighbour[][] {
  const neighbours: Neighbour[][] = chunks.map(() => []);
  placed.forEach((one, i) => {
    weightByDistance.forEach((weight, distance) => {
      const other = placed[i + distance + 1];
      if (other === undefined || other.stream !== one.stream) return;
      const faded = weight * Math.exp((one.time - other.time) / closeness);
      if (faded < least) return;
      neighbours[one.at]?.push([other.at, faded]);
      neighbours[other.at]?.push([one.at, faded]);
    });
  });
  return neighbours;
}

/** The chunks in the order of their recording, stream after stream. */
export const inRecordedOrder = (chunks: readonly ChunkRecord[]): Placed[] => chunks.map(place).sort(byTime);

export interface Placed {
  /** The position of the chunk. */
  at: number;
  /** A sequence: the memories of a context, or the chunks of a document that is not a memory. */
  stream: string;
  /** Milliseconds. */
  time: number;
  order: number;
}

function place(chunk: ChunkRecord, at: number): Placed {
  const [document = null] = readMemoryDocuments(chunk.content);
  const time = document?.recordedAt ?? null;
  const order = chunk.chunk_order_index;
  const context = contextPartOf(chunk.file_path);
  return context === null || time === null
    ? { at, stream: `document ${chunk.full_doc_id}`, time: 0, order }
    : { at, stream: `context ${context}`, time, order };
}

function byTime(a: Placed, b: Placed): number {
  return compareCodePoints(a.stream, b.stream) || a.time - b.time || a.order - b.order || a.at - b.at;
}
