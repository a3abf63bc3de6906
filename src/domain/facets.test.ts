import { expect, test } from "vitest";
import { beginningOf, facetsOf, longestKeptText, noFacets } from "./facets.ts";
import type { Memory } from "./memory.ts";
import { noFacts, type Place } from "./memory-facts.ts";

const memory: Memory = {
  ...{
    id: "m",
    type: "note",
    audio: false,
    image: false,
    transcript: "",
    location: null,
    title: null,
    tags: [],
  },
  ...{ createdAt: "2025-01-01T00:00:00Z", updatedAt: null },
};
const place: Place = { district: null, city: "Lisbon", region: null, country: "Portugal", distanceKm: 3 };

test.each([
  [{ tags: ["#Kayak", "kayak", " ", "two  words"] }, { tags: ["Kayak", "two words"] }],
  [
    { facts: { ...noFacts, tags: ["b"], people: ["Zoë", "zoë"] }, tags: ["a"] },
    { tags: ["a", "b"], people: ["Zoë"] },
  ],
  [{ facts: { ...noFacts, place } }, { place: ["Lisbon", "Portugal"] }],
  [{ facts: { ...noFacts, place: { ...place, distanceKm: 80 } } }, { place: ["Portugal"] }],
  [{ tags: ["a"], members: [memory] }, {}],
])("of %j the ledger keeps %j", (parts, kept) => {
  expect(facetsOf({ ...memory, ...parts })).toEqual({ ...noFacets, ...kept });
});

test.each([
  [
    ["Ada", "Ben Müller", "Ada", null],
    ["Ada", "Ben Müller"],
  ],
  [
    [
      "SPEAKER_00",
      "Speaker 1",
      "speaker",
      "Unknown Speaker",
      "Sprecher 2",
      "A",
      "3",
      "Me",
      "You",
      "User",
      "[redacted]",
    ],
    [],
  ],
  [
    ["+49 170 1234567", "🌸 Lea", "Zoë (Guest)", "Deleted account", "Personette", "Chan Neil"],
    ["🌸 Lea", "Zoë", "Personette", "Chan Neil"],
  ],
  [["Me", "Claude", "ChatGPT"], []],
  [
    ["Claude", "Ada"],
    ["Claude", "Ada"],
  ],
])("of the speakers %j the ledger keeps %j as people", (speakers, people) => {
  const segments = speakers.map((speaker) => ({ speaker, startMs: null, endMs: null, text: "Hello." }));
  expect(facetsOf({ ...memory, segments })).toEqual({ ...noFacets, people });
});

test("who speaks comes before whom they name, each once", () => {
  const segments = [{ speaker: "Ada", startMs: null, endMs: null, text: "Met Ben." }];
  const facts = { ...noFacts, people: ["Ben", "ada"] };
  expect(facetsOf({ ...memory, segments, facts }).people).toEqual(["Ada", "Ben"]);
});

test("what a source says without end is bounded", () => {
  const tags = Array.from({ length: 10_000 }, (_, at) => `${at} ${"x".repeat(10_000)}`);
  const kept = facetsOf({ ...memory, tags }).tags;
  expect(kept).toHaveLength(32);
  expect(kept.every((tag) => tag.length <= 100)).toBe(true);
  expect(beginningOf({ ...memory, transcript: "😀".repeat(100_000) })?.length).toBeLessThanOrEqual(
    2 * longestKeptText,
  );
});

test.each([
  [{ title: "A walk", transcript: "we  went\nout" }, "A walk: we went out"],
  [{ facts: { ...noFacts, transcription: "it is said" } }, "it is said"],
  [{ facts: { ...noFacts, image: { description: "a boat", text: "" } } }, "a boat"],
  [{ transcript: "\u0000\u001b[31mred\u0000\u0000kayak" }, "[31mred kayak"],
  [{}, null],
  [{ transcript: "x", members: [memory] }, null],
])("the beginning of %j is %j", (parts, text) => {
  expect(beginningOf({ ...memory, ...parts })).toBe(text);
});
