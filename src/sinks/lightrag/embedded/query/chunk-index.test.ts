import { expect, test } from "vitest";
import { chunkStore, memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import { termsOf } from "../builtin/terms.ts";
import { ChunkIndex } from "./chunk-index.ts";

const index = ChunkIndex.of(
  chunkStore({
    question: memoryChunk("question", "2024-05-01T10:00:00Z", "Ivan: How was the pottery workshop?"),
    answer: memoryChunk("answer", "2024-05-01T10:01:00Z", "Nora: Wonderful, we glazed two bowls."),
    other: memoryChunk("other", "2024-05-03T10:00:00Z", "Nora: The workshop for bicycles is closed."),
  }),
);
const scoresOf = (scores: Float64Array) => Object.fromEntries(index.ids.map((id, at) => [id, scores[at]]));

test("a chunk scores by its own words, in any form, and rare words count for more", () => {
  const scores = scoresOf(index.ownScores(termsOf("workshops on POTTERY")));
  expect(scores.question).toBeGreaterThan(scores.other! * 2);
  expect(scores.other).toBeGreaterThan(0);
  expect(scores.answer).toBe(0);
});

test("a chunk scores by the words of its neighbours too, for less than by its own", () => {
  const scores = scoresOf(index.contextScores(termsOf("pottery")));
  expect(scores.answer).toBeGreaterThan(0);
  expect(scores.question).toBeGreaterThan(scores.answer!);
  expect(scores.other).toBe(0);
});

test("an empty index scores nothing", () => {
  const empty = ChunkIndex.of(chunkStore({}));
  expect(empty.ownScores(["a"])).toEqual(new Float64Array());
  expect(empty.placeOf("question")).toBeUndefined();
  expect(index.placeOf("answer")).toBe(1);
});
