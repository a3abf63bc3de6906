import { expect, test } from "vitest";
import { readMemoryText } from "./memory-text.ts";

const document = `Memory m1 of CTX1 (revision 3dc4fe6fa1d5)
Title: Ferry plans
Type: record
Recorded: Thursday, 18 May 2023, 13:47:05 UTC
Location: 19.07609, 72.877426
Media: audio
Tags: boats, ana

Ana: The ferry leaves at nine.
And it is full.
Ben: Note: bring cash.`;

test("a document is read as its day, its tags and its turns; a line without a name goes on with the last speaker", () => {
  expect(readMemoryText(document)).toEqual({
    recordedOn: new Date("2023-05-18T12:00:00Z"),
    place: null,
    around: null,
    tags: ["boats", "ana"],
    turns: [
      { speaker: null, text: "Ferry plans" },
      { speaker: "Ana", text: "The ferry leaves at nine.\nAnd it is full." },
      { speaker: "Ben", text: "Note: bring cash." },
    ],
  });
});

test("a later part of a long document has no header", () => {
  expect(readMemoryText("Recorded: never\nthe end of a sentence.")).toEqual({
    recordedOn: null,
    place: null,
    around: null,
    tags: [],
    turns: [{ speaker: null, text: "Recorded: never\nthe end of a sentence." }],
  });
});

test("names of any origin speak, labels of notes do not", () => {
  expect(readMemoryText("Nguyễn Văn: hello").turns[0]?.speaker).toBe("Nguyễn Văn");
  expect(readMemoryText("Dr. Okafor: hello").turns[0]?.speaker).toBe("Dr. Okafor");
  for (const label of ["Note", "Reminder", "Shopping List", "Meeting", "Idea"]) {
    expect(readMemoryText(`${label}: buy milk`).turns[0]?.speaker).toBeNull();
  }
});

test("a memory without a transcript has no turns", () => {
  const silent = document.replace(/\n\n.*/su, "\n\n[no transcript]").replace("Title: Ferry plans\n", "");
  expect(readMemoryText(silent).turns).toEqual([]);
  expect(readMemoryText("").turns).toEqual([]);
});

test.each(["Me", "Ich", "Moi", "Yo", "Я", "أنا", "私"])(
  "who calls themselves %s speaks for nobody else, and under no name",
  (label) => {
    expect(readMemoryText(`Ana: The ferry is late.\n${label}: I wait.\nAna: Good.`).turns).toEqual([
      { speaker: "Ana", text: "The ferry is late." },
      { speaker: null, text: "I wait." },
      { speaker: "Ana", text: "Good." },
    ]);
  },
);

test.each([
  ["near Baixa, Lisbon, Portugal (0.4 km)", "Baixa", "Lisbon"],
  ["near Eixample, Barcelona, Catalonia, Spain (0.6 km)", "Eixample", "Barcelona"],
  ["Café Luso, near Baixa, Lisbon, Portugal (0.4 km)", "Café Luso", "Baixa"],
  ["near Valencia, Spain (5.7 km)", "Valencia", null],
  ["83 km from Powai, Maharashtra, India", null, null],
])("a memory %s is of a place, and of what that lies in", (where, place, around) => {
  const text = `voice note, sunday 18 may 2025 18:42:10 utc+01:00, ${where} [e240752779]\n\nOff the ferry.`;
  expect(readMemoryText(text)).toMatchObject({ place, around });
});
