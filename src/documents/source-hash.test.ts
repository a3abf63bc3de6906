import { expect, test } from "vitest";
import type { Memory } from "../domain/memory.ts";
import { noFacts } from "../domain/memory-facts.ts";
import { sourceHasher } from "./source-hash.ts";

const memory: Memory = {
  id: "m1",
  type: "note",
  audio: false,
  image: false,
  transcript: "Met Ana.",
  location: null,
  createdAt: "2023-05-18T13:47:05Z",
  updatedAt: null,
  title: null,
  tags: [],
};
const settings = { strategy: "rich", timeZone: "UTC" };

test("the hash depends on the memory and on the settings, not on what was found out", () => {
  const sourceHash = sourceHasher(settings);
  const hash = sourceHash(memory);
  expect(sourceHash({ ...memory, facts: { ...noFacts, people: ["Ana"] } })).toBe(hash);
  expect(sourceHash({ ...memory, transcript: "Met Bob." })).not.toBe(hash);
  expect(sourceHash({ ...memory, updatedAt: "2023-05-19T00:00:00Z" })).not.toBe(hash);
  expect(sourceHasher({ ...settings, strategy: "standard" })(memory)).not.toBe(hash);
});
