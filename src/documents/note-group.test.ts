import fc from "fast-check";
import { expect, test } from "vitest";
import type { Memory } from "../domain/memory.ts";
import { noFacts } from "../domain/memory-facts.ts";
import {
  fileSourceOf,
  groupFileSourceOf,
  maxFileSourceBytes,
  parseFileSource,
  parseGroupFileSource,
} from "./file-source.ts";
import { groupDocument, groupKeyOf, groupMemory, isGroupKey } from "./note-group.ts";
import { createStrategy } from "./registry.ts";

const rule = { maxCharacters: 280 };
const strategy = createStrategy("standard");
const note: Memory = {
  id: "m1",
  type: "note",
  audio: false,
  image: false,
  transcript: "Buy bread.",
  location: { lat: 19.07609, lon: 72.877426 },
  createdAt: "2023-05-18T20:00:00Z",
  updatedAt: null,
  title: null,
  tags: [],
  facts: { ...noFacts, timeZone: "Asia/Kolkata" },
};

test("a small note belongs to its local day and a tenth of a degree around its place", () => {
  expect(groupKeyOf(note, rule)).toBe("2023-05-19~19.1_72.9");
  expect(groupKeyOf({ ...note, location: null }, rule)).toBe("2023-05-19~no-place");
});

test("a long note, an empty one and one whose audio is still to be read stay alone", () => {
  expect(groupKeyOf({ ...note, transcript: "x".repeat(281) }, rule)).toBeNull();
  expect(groupKeyOf({ ...note, transcript: " " }, rule)).toBeNull();
  expect(groupKeyOf({ ...note, facts: { ...noFacts, pendingMedia: true } }, rule)).toBeNull();
});

test("a place on an edge of the map has one key, however it is written", () => {
  const keyAt = (lat: number, lon: number) => groupKeyOf({ ...note, location: { lat, lon } }, rule);
  expect(keyAt(-0.01, -180)).toBe(keyAt(0.01, 180));
  expect(keyAt(0, -0.04)).toBe("2023-05-19~0.0_0.0");
});

test("a group's key is told from the ids of memories", () => {
  expect(isGroupKey(groupKeyOf(note, rule) ?? "")).toBe(true);
  expect(
    isGroupKey(groupKeyOf({ ...note, location: null, createdAt: "0001-01-01T00:00:00Z" }, rule) ?? ""),
  ).toBe(true);
  expect(
    ["2023-05-19", "m~1", "2023-05-19~somewhere", "note 2023-05-19~no-place"].filter(isGroupKey),
  ).toEqual([]);
});

test("a group is as old as its oldest note, in whatever order the notes come", () => {
  const earlier = { ...note, id: "m0", createdAt: "2023-05-18T19:00:00Z" };
  const group = groupMemory("2023-05-19~19.1_72.9", [note, earlier]);
  expect(group).toMatchObject({ id: "2023-05-19~19.1_72.9", createdAt: earlier.createdAt });
  expect(group).toEqual(groupMemory("2023-05-19~19.1_72.9", [earlier, note]));
});

test("in the first form, a group's document holds each note under its id, oldest first", () => {
  const earlier = { ...note, id: "m0", createdAt: "2023-05-18T19:00:00Z", transcript: "Call Ana." };
  const document = groupDocument("CTX1", "2023-05-19~19.1_72.9", [note, earlier], { form: 1, strategy });
  expect(document.fileSource).toBe("2023-05-19~19.1_72.9@CTX1.md");
  expect(document.text.replace(/revision [0-9a-f]{12}/u, "revision R")).toBe(
    [
      "Memories of 2023-05-19, 19.1_72.9 of CTX1 (revision R)",
      "Memory m0",
      "Type: note",
      "Recorded: Thursday, 18 May 2023, 19:00:00 UTC",
      "Location: 19.07609, 72.877426",
      "Media: none",
      "",
      "Call Ana.",
      "",
      "Memory m1",
      "Type: note",
      "Recorded: Thursday, 18 May 2023, 20:00:00 UTC",
      "Location: 19.07609, 72.877426",
      "Media: none",
      "",
      "Buy bread.",
    ].join("\n"),
  );
});

const written = (members: Memory[], name = "standard") =>
  groupDocument("CTX1", "k~p", members, { form: 2, strategy: createStrategy(name) })
    .text.replace(/\[[0-9a-f]{10}\]/u, "[…]")
    .split("\n");

test("what all notes of a group share is said once, and each note has its time, what is its own, and its id", () => {
  const facts = { ...noFacts, timeZone: "Asia/Kolkata", people: ["Ana"] };
  const ana = { ...note, tags: ["trip", "food"], facts };
  const report = { ...ana, id: "CTX30", type: "report", createdAt: "2023-05-18T20:30:00Z" };
  const both = { ...report, tags: ["trip"], facts: { ...facts, people: ["Ana", "Jon"] }, title: "Plan" };
  expect(
    written([ana, { ...ana, id: "m2", createdAt: "2023-05-18T21:00:00Z", transcript: "Call." }], "rich"),
  ).toEqual([
    "notes of friday 19 may 2023 utc+05:30, at 19.0761, 72.8774 […]",
    "people: Ana",
    "tags: trip, food",
    "",
    "01:30:00 [m1]",
    "",
    "Buy bread.",
    "",
    "02:30:00 [m2]",
    "",
    "Call.",
  ]);
  expect(written([both, ana], "rich")).toEqual([
    "notes of friday 19 may 2023 utc+05:30, at 19.0761, 72.8774 […]",
    "people: Ana",
    "tags: trip",
    "",
    "note, 01:30:00 [m1]",
    "tags: food",
    "",
    "Buy bread.",
    "",
    "report, 02:00:00 [CTX30]",
    "title: Plan",
    "people: Jon",
    "",
    "Buy bread.",
  ]);
});

test("notes of other places, days and clocks say theirs, and all of one kind say it once", () => {
  const event = { ...note, type: "calendar_event", location: null, transcript: "Fair." };
  const ended = { ...event, id: "e2", createdAt: "2023-05-18T23:00:00Z", endedAt: "2023-05-19T00:00:00Z" };
  expect(written([event, { ...ended, location: note.location, timeSource: "entry" }], "rich")).toEqual([
    "notes (calendar event) of friday 19 may 2023 utc+05:30 […]",
    "",
    "01:30:00 [m1]",
    "",
    "Fair.",
    "",
    "04:30:00 to 05:30:00 (when it was written down), at 19.0761, 72.8774 [e2]",
    "",
    "Fair.",
  ]);
  expect(written([event, { ...ended, facts: { ...noFacts, timeZone: "Asia/Kathmandu" } }], "rich")).toEqual([
    "notes (calendar event) […]",
    "",
    "friday 19 may 2023 01:30:00 utc+05:30 [m1]",
    "",
    "Fair.",
    "",
    "friday 19 may 2023 04:45:00 utc+05:45 to 05:45:00 [e2]",
    "",
    "Fair.",
  ]);
});

test("a template writes each note as a whole", () => {
  const strategy = createStrategy("template", { template: "{{date}}: {{content}}" });
  const { text } = groupDocument("C", "k~p", [note], { form: 2, strategy });
  expect(text).toMatch(/^notes \[[0-9a-f]{10}\]\n\nnote \[m1\]\n\n2023-05-19: Buy bread\.$/u);
});

test("the size of a group's document grows with the words of its notes, and not with what they share", () => {
  const place = {
    country: "Spain",
    region: "Catalonia",
    city: "Barcelona",
    district: "Eixample",
    distanceKm: 0.4,
  };
  const facts = { ...noFacts, people: ["Ana", "Jon"], place };
  const notes = Array.from({ length: 50 }, (_, at) => ({
    ...note,
    id: `m${at}`,
    facts,
    transcript: "x".repeat(100),
  }));
  const size = (form: 1 | 2) =>
    groupDocument("C", "k~p", notes, { form, strategy: createStrategy("rich") }).text.length;
  expect(size(1)).toBeGreaterThan(50 * 300);
  expect(size(2)).toBeLessThan(50 * 125 + 200);
});

test("the hash of a group changes when a member comes, goes or changes, and not with their order", () => {
  const hashOf = (...members: Memory[]) =>
    groupDocument("C", "k~p", members, { form: 2, strategy }).contentHash;
  const other = { ...note, id: "m2" };
  const same = hashOf(note, other);
  expect(hashOf(other, note)).toBe(same);
  expect(new Set([same, hashOf(note), hashOf(note, { ...other, transcript: "Buy milk." })]).size).toBe(3);
});

test("no group ever has the file source of a memory, and every name leads back", () => {
  const ids = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(ids, ids, ids, (contextId, memoryId, place) => {
      const key = `2023-05-18~${place}`;
      const name = groupFileSourceOf(contextId, key);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(maxFileSourceBytes);
      expect(name).not.toBe(fileSourceOf(contextId, memoryId));
      expect(name).not.toBe(fileSourceOf(contextId, key));
      expect(parseFileSource(name)).toBeNull();
      expect(parseGroupFileSource(fileSourceOf(contextId, memoryId))).toBeNull();
      const parsed = parseGroupFileSource(name);
      if (parsed !== null) expect(parsed).toEqual({ contextId, groupKey: key });
    }),
  );
  expect(parseGroupFileSource("2023-05-19~19.1_72.9@CTX1.md")).toEqual({
    contextId: "CTX1",
    groupKey: "2023-05-19~19.1_72.9",
  });
});
