import { expect, test } from "vitest";
import { placeOf, readMemoryDocument, readMemoryDocuments, recordedAt } from "./memory-document.ts";

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

test("a document tells its memory, its context, its header and its transcript", () => {
  expect(readMemoryDocument(document)).toEqual({
    memoryId: "m1",
    contextId: "CTX1",
    header: new Map([
      ["Type", "record"],
      ["Recorded", "Thursday, 18 May 2023, 13:47:05 UTC"],
      ["Location", "19.07609, 72.877426"],
    ]),
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
  expect(new Date(recordedAt(withHeader(`Recorded: ${recorded}`)) ?? 0).toISOString()).toBe(instant);
});

test("an unreadable time is none", () => {
  expect(recordedAt(withHeader("Type: note"))).toBeNull();
  expect(recordedAt(withHeader("Recorded: 18 Foober 2023, 13:47:05 UTC"))).toBeNull();
});

test("the place in words comes before coordinates", () => {
  expect(placeOf(withHeader("Place: near Powai", "Coordinates: 1, 2"))).toBe("near Powai");
  expect(placeOf(withHeader("Location: 1, 2"))).toBe("1, 2");
  expect(placeOf(withHeader("Type: note"))).toBeNull();
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
    { memoryId: "m1", contextId: "CTX1", body: "Buy bread.\n\nMemory lane is long." },
    {
      memoryId: "m2",
      contextId: "CTX1",
      header: new Map([
        ["Type", "note"],
        ["Place", "near Powai"],
      ]),
    },
  ]);
  expect(readMemoryDocuments(document)).toHaveLength(1);
  expect(readMemoryDocuments("Memories of childhood")).toEqual([]);
});
