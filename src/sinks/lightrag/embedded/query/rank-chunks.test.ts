import { expect, test } from "vitest";
import { indexOf, memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import { atOnce, type Pieces } from "../../../../kernel/util/pieces.ts";
import type { ChunkRecord } from "../storage/records.ts";
import { type RankedChunks, rankChunks as ranking } from "./rank-chunks.ts";

const chunks = {
  sail: memoryChunk("sail", "2024-05-01T10:00:00Z", "The sail is torn."),
  thanks: memoryChunk("thanks", "2024-05-01T10:00:40Z", "I will mend it."),
  tea: memoryChunk("tea", "2024-05-02T10:00:00Z", "Tea with Clara."),
  rain: memoryChunk("rain", "2024-05-03T10:00:00Z", "Rain all day."),
};
const index = indexOf(chunks);
const vector = new Float32Array([1]);

/** Stores with these near vectors, as if they held nothing but some chunks. */
function vectorsNear(scores: Record<string, number>, has?: RankedChunks["has"]): RankedChunks {
  const matches = Object.entries(scores).map(([id, score]) => ({ id, score }));
  return { chunkVectors: { nearest: () => of(matches) }, has, limit: 20 };
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

test("of those with any evidence the best are returned, and of them those that are to be shown", () => {
  const question = { text: "torn sail, tea, rain all day", vector };
  const rank = (more: Partial<RankedChunks>) =>
    rankChunks(index, { ...vectorsNear({}), ...more }, question, []);
  const all = rank({});
  expect(all).toHaveLength(4);
  expect(rank({ limit: 2 })).toEqual(all.slice(0, 2));
  expect(rank({ limit: 2, isShown: (id) => id !== all[0] })).toEqual(all.slice(1, 3));
});

function rankChunks(...asked: Parameters<typeof ranking>): string[] {
  return atOnce(ranking(...asked));
}

function* of<Value>(value: Value): Pieces<Value> {
  yield;
  return value;
}

/** The order of some memories for a question, each told by its id. */
function orderFor(question: string, memories: Record<string, [time: string, text: string]>): string[] {
  const talk = Object.entries(memories).map(([id, [time, text]]): [string, ChunkRecord] => [
    id,
    memoryChunk(id, time, text),
  ]);
  const stores = vectorsNear({}, (id) => Object.hasOwn(memories, id));
  return rankChunks(indexOf(Object.fromEntries(talk)), stores, { text: question, vector }, []);
}

test("what follows a question that was asked comes before what preceded it", () => {
  const order = orderFor("the torn sail", {
    before: ["2024-05-01T10:00:00Z", "Here I am today."],
    asked: ["2024-05-01T10:00:30Z", "What of the torn sail?"],
    after: ["2024-05-01T10:01:00Z", "It is all mended."],
  });
  expect(order.indexOf("after")).toBeLessThan(order.indexOf("before"));
});

test("of two that say the same, the one that does not ask and the one whom the question names come first", () => {
  const apart = ["2024-05-01T10:00:00Z", "2024-06-01T10:00:00Z"] as const;
  expect(
    orderFor("torn sail", { asks: [apart[0], "The torn sail?"], tells: [apart[1], "The torn sail."] }),
  ).toEqual(["tells", "asks"]);
  expect(
    orderFor("What did Ana say of the torn sail?", {
      m1: [apart[0], "Ben: The torn sail, Ana."],
      m2: [apart[1], "Ana: The torn sail, Ben."],
    }),
  ).toEqual(["m2", "m1"]);
});

test("of two that are as near, the one that tells more comes first", () => {
  const two = {
    thanks: memoryChunk("thanks", "2024-05-01T10:00:00Z", "Thanks!"),
    tells: memoryChunk(
      "tells",
      "2024-06-01T10:00:00Z",
      "Nora glazed two bowls and fired them on the island.",
    ),
  };
  const stores = vectorsNear({ thanks: 0.4, tells: 0.4 }, () => true);
  const order = rankChunks(indexOf(two), stores, { text: "pottery", vector }, []);
  expect(order).toEqual(["tells", "thanks"]);
});

test("of two that say the same, the one that says when comes first for a question for a time", () => {
  const apart = ["2024-05-01T10:00:00Z", "2024-06-01T10:00:00Z"] as const;
  expect(
    orderFor("When was the sail torn?", {
      m1: [apart[0], "The torn sail, again."],
      m2: [apart[1], "The torn sail, yesterday."],
    }),
  ).toEqual(["m2", "m1"]);
  expect(
    orderFor("Where was the sail torn?", {
      m1: [apart[0], "The torn sail, again."],
      m2: [apart[1], "The torn sail, yesterday."],
    }),
  ).toEqual(["m1", "m2"]);
});

test("of two that say the same, the one of a sitting that says more of it comes first", () => {
  const order = orderFor("torn sail", {
    m1: ["2024-05-01T10:00:00Z", "A torn sail."],
    m2: ["2024-06-01T10:00:00Z", "A sail."],
    // More than neighbours lie between.
    m3: ["2024-06-01T10:30:00Z", "Tea."],
    m4: ["2024-06-01T10:31:00Z", "Rain."],
    m5: ["2024-06-01T10:32:00Z", "Wind."],
    m6: ["2024-06-01T11:25:00Z", "A torn sail."],
  });
  expect(order[0]).toBe("m6");
});
