import { expect, test } from "vitest";
import { chunkStore, memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import type { StoreReaders } from "../storage/readers.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { rankChunks } from "./rank-chunks.ts";

const chunks = {
  sail: memoryChunk("sail", "2024-05-01T10:00:00Z", "The sail is torn."),
  thanks: memoryChunk("thanks", "2024-05-01T10:00:40Z", "I will mend it."),
  tea: memoryChunk("tea", "2024-05-02T10:00:00Z", "Tea with Clara."),
  rain: memoryChunk("rain", "2024-05-03T10:00:00Z", "Rain all day."),
};
const index = ChunkIndex.of(chunkStore(chunks));
const vector = new Float32Array([1]);

function vectorsNear(scores: Record<string, number>): StoreReaders["chunkVectors"] {
  const matches = Object.entries(scores).map(([id, score]) => ({
    id,
    score,
    payload: { content: "", full_doc_id: "", file_path: "" },
  }));
  return {
    size: matches.length,
    dimension: 1,
    has: () => true,
    payload: () => undefined,
    vector: () => undefined,
    nearest: () => matches,
  };
}

test("words lead, what was recorded right beside follows, and the rest is left out", () => {
  expect(rankChunks(index, vectorsNear({}), { text: "the torn sail", vector }, [])).toEqual([
    "sail",
    "thanks",
  ]);
});

test("a near vector and the graph each bring in what words do not", () => {
  expect(rankChunks(index, vectorsNear({ rain: 0.4 }), { text: "weather", vector }, [])).toEqual(["rain"]);
  expect(rankChunks(index, vectorsNear({}), { text: "weather", vector }, [new Map([["tea", 2]])])).toEqual([
    "tea",
  ]);
});

test("the kinds of evidence add up", () => {
  const graph = [new Map([["rain", 1]]), new Map([["rain", 5]])];
  expect(rankChunks(index, vectorsNear({ tea: 0.9 }), { text: "?", vector }, graph)).toEqual(["rain", "tea"]);
});
