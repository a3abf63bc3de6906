import { expect, test } from "vitest";
import { chunkStore, memoryChunk } from "../../../../../test/support/memory-chunks.ts";
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

const isChunk = (id: string) => Object.hasOwn(chunks, id);

/** Stores with these near vectors, as if they held nothing but some chunks. */
function vectorsNear(scores: Record<string, number>, isThere = isChunk): Parameters<typeof rankChunks>[1] {
  const matches = Object.entries(scores).map(([id, score]) => ({
    id,
    score,
    payload: { content: "", full_doc_id: "", file_path: "" },
  }));
  return { chunks: { get: () => undefined, has: isThere }, chunkVectors: { nearest: () => matches } };
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

test("what is not among the chunks that may be used is not ranked, however near it is, and lends nothing to its neighbours' scores", () => {
  const question = { text: "the torn sail", vector };
  const without = (left: string) => (id: string) => id !== left;
  expect(rankChunks(index, vectorsNear({}, without("sail")), question, [])).toEqual(["thanks"]);
  expect(
    rankChunks(
      index,
      vectorsNear({}, (id) => id === "tea"),
      question,
      [],
    ),
  ).toEqual([]);
});
