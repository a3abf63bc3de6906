import { expect, test } from "vitest";
import type { Memory } from "../domain/memory.ts";
import { noFacts } from "../domain/memory-facts.ts";
import { MemoryTransformer } from "./memory-transformer.ts";
import { groupKeyOf } from "./note-group.ts";
import { createStrategy, strategyNames } from "./registry.ts";
import { sourceHasher } from "./source-hash.ts";

/** A memory with all that the Memory API tells, and nothing else. */
const plain: Memory = {
  id: "1234567890",
  type: "voice_note",
  audio: true,
  image: false,
  transcript: "Met Ana at the harbour.",
  location: { lat: 19.07609, lon: 72.877426 },
  createdAt: "2025-12-18T14:30:00Z",
  updatedAt: "2025-12-19T08:00:00Z",
  title: "Harbour",
  tags: ["sailing"],
};

const full: Memory = {
  ...plain,
  endedAt: "2025-12-18T15:00:30Z",
  timeZone: "Europe/Berlin",
  timeSource: "file_name",
  url: "https://notes.example/1234567890",
  placeName: "Old Harbour",
  language: "en",
  format: "markdown",
  attachments: [
    { kind: "file", name: "plan of the\nboat.pdf" },
    { kind: "video", name: null },
  ],
  segments: [
    { speaker: "Ada", startMs: 0, endMs: 2_400, text: "Met Ana\nat the harbour." },
    { speaker: null, startMs: 3_723_000, endMs: null, text: "Waves." },
    { speaker: "Ben", startMs: null, endMs: null, text: "Hello." },
    { speaker: "Ada", startMs: 5_000, endMs: null, text: "  " },
  ],
};

const template = "{{title}} {{recorded}} {{content}} {{media}} {{tags}} {{created_at}}";

function written(strategy: string, memory: Memory) {
  const transformer = new MemoryTransformer(createStrategy(strategy, { template }), {
    skipEmptyTranscripts: true,
  });
  const [newest, ...older] = transformer.writeForms("CTX123", memory);
  return { ...newest, older };
}

test.each([
  ["standard", "d7f3dc8ad57966d05b075d0a0eb85fddff43beb0717043ab625b64576f39b71f"],
  ["rich", "e2c75fff14cbc79d447fb968afc0c68ea111122c3f11b701336c608a8ff5c275"],
  ["template", "70aea76982887a184419dfdbfacd2004d8719e60e495af9726d768819be8a2aa"],
])(
  "under %s the document of a memory that tells no more than before is the one that it was",
  (strategy, hash) => {
    expect(written(strategy, plain).older).toMatchObject([{ form: 1, contentHash: hash }]);
  },
);

test("nor does such a memory, or one that is skipped, look changed", () => {
  expect(sourceHasher({ strategy: "rich" })(plain)).toBe(
    "87dbd715231bb33cf143fa51dacac04270986c02d3bb4657e5147348162b7f3a",
  );
  expect(written("rich", { ...plain, transcript: "" })).toMatchObject({
    kind: "skip",
    contentHash: "51cffdf81b9b6bc74172e8946217542859b696605b8b9a801250914f9e846ad4",
  });
});

test("the strategy rich writes what there is", () => {
  const {
    older: [first],
    ...document
  } = written("rich", full);
  expect(document).toMatchObject({
    text: [
      "voice note, thursday 18 december 2025 15:30:00 utc+01:00 to 16:00:30 (by the name of its file), Old Harbour [95ce3b5e3d]",
      "title: Harbour",
      "files: plan of the boat.pdf, video",
      "page: https://notes.example/1234567890",
      "tags: sailing",
      "",
      "[0:00–0:02] Ada: Met Ana at the harbour.",
      "[1:02:03] Waves.",
      "Ben: Hello.",
    ].join("\n"),
  });
  const text = first?.kind === "document" ? first.text : "";
  expect(text.split("\n").slice(1)).toEqual([
    "Title: Harbour",
    "Type: Voice note",
    "Recorded: Thursday, 18 December 2025, 15:30:00 (Europe/Berlin, UTC+01:00), afternoon, by the name of its file",
    "Ended: Thursday, 18 December 2025, 16:00:30 (Europe/Berlin, UTC+01:00), afternoon",
    "Place: Old Harbour",
    "Coordinates: 19.07609, 72.877426",
    "Media: audio",
    "Attachments: plan of the boat.pdf, video",
    "Language: en",
    "Format: markdown",
    "Source: https://notes.example/1234567890",
    "Speakers: Ada, Ben",
    "Tags: sailing",
    "",
    "[0:00–0:02] Ada: Met Ana at the harbour.",
    "[1:02:03] Waves.",
    "Ben: Hello.",
  ]);
});

test("what the source calls a place stands before where it is, and its zone before one that was found out", () => {
  const place = { district: null, city: "Mumbai", region: null, country: "India", distanceKm: 0.7 };
  const facts = { ...noFacts, place, timeZone: "Asia/Kolkata" };
  const document = written("rich", { ...plain, placeName: "Old Harbour", timeZone: "Europe/Berlin", facts });
  expect(document).toMatchObject({
    text: expect.stringMatching(/15:30:00 utc\+01:00, Old Harbour, near Mumbai, India \(0\.7 km\) \[/u),
  });
});

test("a note belongs to the day of the source's own zone", () => {
  const late = { ...plain, createdAt: "2025-12-18T23:30:00Z", location: null };
  const rule = { maxCharacters: 280 };
  expect(groupKeyOf(late, rule)).toBe("2025-12-18~no-place");
  expect(groupKeyOf({ ...late, timeZone: "Europe/Berlin" }, rule)).toBe("2025-12-19~no-place");
});

test("a template may name all of it", () => {
  const names = "ended_at time_source url language format place_name speakers attachments".split(" ");
  const strategy = createStrategy("template", { template: names.map((name) => `{{${name}}}`).join("|") });
  expect(strategy.transform(full)).toBe(
    "2025-12-18T15:00:30Z|file_name|https://notes.example/1234567890|en|markdown|Old Harbour|Ada, Ben|plan of the boat.pdf, video",
  );
  expect(strategy.transform(plain)).toBe("|||||||");
});

test.each(strategyNames)(
  "under %s a memory that the ledger kept as JSON gives the same bytes",
  (strategy) => {
    expect(written(strategy, JSON.parse(JSON.stringify(full)))).toEqual(written(strategy, full));
  },
);
