import { expect, test } from "vitest";
import { indexOf, memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import type { ChunkRecord } from "../storage/records.ts";
import type { Neighbour } from "./recorded-order.ts";

function neighboursOf(chunks: readonly ChunkRecord[]): (readonly Neighbour[])[] {
  const index = indexOf(Object.fromEntries(chunks.map((chunk, at) => [`c${at}`, chunk])));
  return chunks.map((_, at) => index.neighboursOf(at));
}

test("memories of a context recorded within minutes are neighbours, the nearest and the one before most", () => {
  const neighbours = neighboursOf([
    memoryChunk("c", "2024-05-01T10:02:00Z", "third"),
    memoryChunk("a", "2024-05-01T10:00:00Z", "first"),
    memoryChunk("b", "2024-05-01T10:01:00Z", "second"),
  ]);
  const weightOf = (of: number, near: number) => neighbours[of]?.find(([at]) => at === near)?.[1] ?? 0;
  expect(weightOf(2, 1)).toBeCloseTo(0.8 * Math.exp(-1 / 15));
  expect(weightOf(0, 1)).toBeCloseTo(0.6 * Math.exp(-2 / 15));
  expect(weightOf(1, 2)).toBeCloseTo(0.6 * Math.exp(-1 / 15));
  for (const [of, near] of [
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
  ] as const)
    expect(neighbours[of]?.find(([at]) => at === near)?.[2]).toBe(weightOf(near, of));
});

test("memories hours apart, and those of other contexts, are no neighbours", () => {
  const neighbours = neighboursOf([
    memoryChunk("a", "2024-05-01T10:00:00Z", "first"),
    memoryChunk("b", "2024-05-01T14:00:00Z", "second"),
    memoryChunk("c", "2024-05-01T10:00:30Z", "elsewhere", "CTX2"),
  ]);
  expect(neighbours).toEqual([[], [], []]);
});

test("without times, the parts of one document are neighbours", () => {
  const part = (order: number, document: string) => ({
    ...memoryChunk("a", "2024-05-01T10:00:00Z", ""),
    content: `part ${order}`,
    chunk_order_index: order,
    full_doc_id: document,
  });
  const neighbours = neighboursOf([part(1, "doc-1"), part(0, "doc-1"), part(0, "doc-2")]);
  expect(neighbours).toEqual([[[1, 0.8, 0.6]], [[0, 0.6, 0.8]], []]);
});
