import { expect, test } from "vitest";
import { readMemoryDocument, readMemoryDocuments } from "./memory-document.ts";

const document = [
  "Memory m1 of CTX1 (revision 3dc4fe6fa1d5)",
  "Type: record",
  "Recorded: Thursday, 18 May 2023, 13:47:05 UTC",
  "Location: 19.07609, 72.877426",
  "",
  "Met Ana at the harbour.",
  "",
  "Type: this is speech.",
].join("\n");

function withHeader(...lines: string[]) {
  const read = readMemoryDocument(`Memory m1 of CTX1 (revision 3dc4fe6fa1d5)\n${lines.join("\n")}\n\nText.`);
  if (read === null) throw new Error("no document");
  return read;
}

test("a document of the first form tells its memory, when and where it was, and its transcript", () => {
  expect(readMemoryDocument(document)).toEqual({
    memoryId: "m1",
    recordedAt: Date.UTC(2023, 4, 18, 13, 47, 5),
    recordedOn: new Date("2023-05-18T12:00:00Z"),
    place: "19.07609, 72.877426",
    title: null,
    tags: [],
    media: null,
    body: "Met Ana at the harbour.\n\nType: this is speech.",
  });
});

test("other texts are no documents", () => {
  expect(readMemoryDocument("Recorded: yesterday\n\ntext")).toBeNull();
  expect(readMemoryDocument("")).toBeNull();
});

test.each([
  ["Thursday, 18 May 2023, 13:47:05 UTC", "2023-05-18T13:47:05.000Z"],
  ["Sunday, 26 March 2023, 03:30:00 (Europe/Berlin, UTC+02:00), night", "2023-03-26T01:30:00.000Z"],
  ["Monday, 2 January 2023, 23:00:00 (UTC-03:30), night", "2023-01-03T02:30:00.000Z"],
])("recorded %s is %s", (recorded, instant) => {
  expect(new Date(withHeader(`Recorded: ${recorded}`).recordedAt ?? 0).toISOString()).toBe(instant);
});

test("an unreadable time is none", () => {
  expect(withHeader("Type: note").recordedAt).toBeNull();
  expect(withHeader("Recorded: 18 Foober 2023, 13:47:05 UTC").recordedAt).toBeNull();
});

test("the place in words comes before coordinates", () => {
  expect(withHeader("Place: near Powai", "Coordinates: 1, 2").place).toBe("near Powai");
  expect(withHeader("Location: 1, 2").place).toBe("1, 2");
  expect(withHeader("Type: note").place).toBeNull();
});

test("the notes that share a document are read one by one, whatever stands in them", () => {
  const group = [
    "Memories of 2023-05-18, no-place of CTX1 (revision 3dc4fe6fa1d5)",
    "Memory m1",
    "Type: note",
    "",
    "Buy bread.",
    "",
    "Memory lane is long.",
    "",
    "Memory m2",
    "Type: note",
    "Place: near Powai",
    "",
    "Call Ana.",
  ].join("\n");
  expect(readMemoryDocuments(group)).toMatchObject([
    { memoryId: "m1", body: "Buy bread.\n\nMemory lane is long." },
    { memoryId: "m2", place: "near Powai", body: "Call Ana." },
  ]);
  expect(readMemoryDocuments(document)).toHaveLength(1);
  expect(readMemoryDocuments("Memories of childhood")).toEqual([]);
});

test("a document of the second form tells the same, but for the memory, which its name tells", () => {
  const text = [
    "voice note, thursday 18 may 2023 19:17:05 utc+05:30 (by the date of its file), near Powai, India (1.9 km), audio (could not be read) [3dc4fe6fa1]",
    "title: Harbour",
    "tags: boats, ana",
    "",
    "Met Ana.",
    "",
    "title: this is speech.",
  ].join("\n");
  expect(readMemoryDocument(text)).toEqual({
    memoryId: null,
    recordedAt: Date.UTC(2023, 4, 18, 13, 47, 5),
    recordedOn: new Date("2023-05-18T12:00:00Z"),
    place: "near Powai, India (1.9 km)",
    title: "Harbour",
    tags: ["boats", "ana"],
    media: null,
    body: "Met Ana.\n\ntitle: this is speech.",
  });
  const atNight =
    "note, friday 1 january 2021 00:30:00 utc to saturday 2 january 2021 01:00:00 utc, at -1.5, 2 [3dc4fe6fa1]";
  expect(readMemoryDocument(`${atNight}\n\nText.`)).toMatchObject({
    recordedAt: Date.UTC(2021, 0, 1, 0, 30),
    place: "-1.5, 2",
    body: "Text.",
  });
});

test("of what a template wrote, everything but the fingerprint is its text", () => {
  const read = (text: string) => readMemoryDocument(text)?.body;
  expect(read("# Harbour [3dc4fe6fa1]\nMet Ana.")).toBe("# Harbour\nMet Ana.");
  expect(read("[3dc4fe6fa1]\nMet Ana.")).toBe("Met Ana.");
  expect(read("Met Ana. [3dc4fe6fa1]")).toBe("Met Ana.");
});
