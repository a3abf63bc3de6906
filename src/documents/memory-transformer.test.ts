import fc from "fast-check";
import { expect, test } from "vitest";
import type { Memory } from "../domain/memory.ts";
import { noFacts } from "../domain/memory-facts.ts";
import { MemoryTransformer } from "./memory-transformer.ts";
import { createStrategy } from "./registry.ts";

const memory: Memory = {
  id: "m1",
  type: "record",
  audio: true,
  image: false,
  transcript: "  Met Ana at the harbour. \n",
  location: { lat: 19.07609, lon: 72.877426 },
  createdAt: "2023-05-18T13:47:05Z",
  updatedAt: null,
  title: null,
  tags: [],
};
const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });

function textOf(change: Partial<Memory>, contextId = "CTX1", using = transformer): string {
  const prepared = using.prepare(contextId, { ...memory, ...change });
  if (prepared.kind !== "document") throw new Error("skipped");
  return prepared.text;
}

test("a document says which memory it is, what, when and where, and then gives the transcript", () => {
  expect(textOf({})).toBe(
    [
      "Memory m1 of CTX1 (revision 3dc4fe6fa1d5)",
      "Type: record",
      "Recorded: Thursday, 18 May 2023, 13:47:05 UTC",
      "Location: 19.07609, 72.877426",
      "Media: audio",
      "",
      "Met Ana at the harbour.",
    ].join("\n"),
  );
});

test("title and tags are kept when the source has them, and an unknown place is left out", () => {
  const text = textOf({ title: "Harbour", tags: ["boats", "ana"], location: null, audio: false });
  expect(text).toContain("Title: Harbour\n");
  expect(text).toContain("Tags: boats, ana\n");
  expect(text).toContain("Media: none\n");
  expect(text).not.toContain("Location:");
});

test("an empty transcript is skipped with its reason, and written with a clear marker when skipping is off", () => {
  expect(transformer.prepare("CTX1", { ...memory, transcript: " \n" })).toMatchObject({
    kind: "skip",
    reason: "empty_transcript",
  });
  const keeping = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: false });
  expect(textOf({ transcript: " \n" }, "CTX1", keeping)).toMatch(/\n\n\[no transcript\]$/u);
});

test("a header value cannot forge another header or the transcript", () => {
  const text = textOf({ type: "note\n\nRecorded: never", title: "a\u2028Type: b" });
  expect(text.split("\n").filter((line) => line.startsWith("Recorded:"))).toHaveLength(1);
  expect(text.split("\n").filter((line) => line.startsWith("Type:"))).toHaveLength(1);
});

test("the same memory gives the same bytes, and any change of its text another revision", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.string({ unit: "grapheme", minLength: 1 }),
      (one, other) => {
        fc.pre(one.trim() !== "" && other.trim() !== "" && one.trim() !== other.trim());
        const revision = (text: string) => /revision ([0-9a-f]{12})/u.exec(text)?.[1];
        expect(textOf({ transcript: one })).toBe(textOf({ transcript: one }));
        expect(revision(textOf({ transcript: one }))).not.toBe(revision(textOf({ transcript: other })));
      },
    ),
  );
});

test("the revision lies within the first 250 characters however long the ids are", () => {
  const text = textOf({ id: "x".repeat(5000) }, "y".repeat(5000));
  expect(text.slice(0, 250)).toMatch(/\(revision [0-9a-f]{12}\)/u);
});

test("equal transcripts of different memories give different documents", () => {
  expect(textOf({ id: "m1" })).not.toBe(textOf({ id: "m2" }));
});

test("an unknown strategy is refused with the ones that exist", () => {
  expect(() => createStrategy("fancy")).toThrow(
    expect.objectContaining({ code: "STRATEGY_UNKNOWN", hint: "use one of: standard, rich, template" }),
  );
});

test("a memory whose medium is still to be read waits, whatever else it says", () => {
  const waiting = { ...memory, facts: { ...noFacts, pendingMedia: true } };
  expect(transformer.prepare("CTX1", waiting)).toMatchObject({ kind: "skip", reason: "pending_media" });
});

test("what was read from audio and picture takes the place of a missing transcript", () => {
  const facts = { ...noFacts, transcription: "Call Ana.", image: { description: "A boat.", text: "SEA 7" } };
  const text = textOf({ transcript: "", image: true, facts });
  expect(text).toMatch(/\n\nCall Ana\.\n\nImage: A boat\.\nText in the image: SEA 7$/u);
  expect(textOf({ transcript: "Spoken.", facts })).not.toContain("Call Ana.");
});

test("the strategy template needs a template", () => {
  expect(() => createStrategy("template", { template: " " })).toThrow(
    expect.objectContaining({ code: "TEMPLATE_INVALID", hint: "set transformation.template" }),
  );
});
