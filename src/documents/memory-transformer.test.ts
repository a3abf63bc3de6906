import fc from "fast-check";
import { expect, test } from "vitest";
import type { Memory } from "../domain/memory.ts";
import { noFacts } from "../domain/memory-facts.ts";
import { MemoryTransformer } from "./memory-transformer.ts";
import { createStrategy, strategyNames } from "./registry.ts";

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

const fingerprintOf = (text: string) => /^.*\[([0-9a-f]{10})\]$/mu.exec(text)?.[1];

test("a document says in a line what kind of memory it is, when and where, and then gives the transcript", () => {
  expect(textOf({})).toBe(
    [
      "record, thursday 18 may 2023 13:47:05 utc, at 19.0761, 72.8774 [ebd2309725]",
      "",
      "Met Ana at the harbour.",
    ].join("\n"),
  );
});

test("title and tags are kept when the source has them, and an unknown place is left out", () => {
  const text = textOf({ title: "Harbour", tags: ["boats", "ana"], location: null, audio: false });
  expect(text).toContain("\ntitle: Harbour\n");
  expect(text).toContain("\ntags: boats, ana\n");
  expect(text).toMatch(/^record, thursday 18 may 2023 13:47:05 utc \[/u);
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
  const text = textOf({ type: "note\n\ntags: never", title: "a\u2028tags: b", tags: ["c"] });
  expect(text.split("\n").filter((line) => line.startsWith("tags:"))).toEqual(["tags: c"]);
  expect(text.split("\n").indexOf("")).toBe(3);
});

test("the same memory gives the same bytes, and any change of its text another fingerprint", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.string({ unit: "grapheme", minLength: 1 }),
      (one, other) => {
        fc.pre(one.trim() !== "" && other.trim() !== "" && one.trim() !== other.trim());
        expect(textOf({ transcript: one })).toBe(textOf({ transcript: one }));
        expect(fingerprintOf(textOf({ transcript: one }))).toMatch(/^[0-9a-f]{10}$/u);
        expect(fingerprintOf(textOf({ transcript: one }))).not.toBe(
          fingerprintOf(textOf({ transcript: other })),
        );
      },
    ),
  );
});

test("the fingerprint lies within the first 250 characters however long anything is", () => {
  const long = "\u{1f6a2} long".repeat(5000);
  const facts = { ...noFacts, unreadable: ["audio" as const] };
  const placeName = `At ${long}`;
  for (const strategy of strategyNames) {
    const using = new MemoryTransformer(createStrategy(strategy, { template: "{{content}}" }), {
      skipEmptyTranscripts: true,
    });
    const change = {
      type: long,
      placeName,
      title: long,
      transcript: long,
      endedAt: "2024-02-29T23:00:00Z",
      facts,
    };
    expect(textOf({ id: long, ...change }, long, using).slice(0, 250)).toMatch(/\[[0-9a-f]{10}\](\n|$)/u);
  }
});

test("equal memories under another id or of another context give different documents", () => {
  const texts = [textOf({ id: "m1" }), textOf({ id: "m2" }), textOf({ id: "m1" }, "CTX2")];
  expect(new Set(texts.map(fingerprintOf)).size).toBe(3);
});

test("nothing of the headline is in capitals but names", () => {
  const facts = { ...noFacts, timeZone: "Asia/Kolkata" };
  const rich = new MemoryTransformer(createStrategy("rich"), { skipEmptyTranscripts: true });
  for (const using of [transformer, rich])
    expect(textOf({ type: "Voice_Note", facts }, "CTX30", using).split("\n\n")[0]).not.toMatch(/\p{Lu}/u);
});

test("a document of the first form is known by its hash as long as its memory is the same", () => {
  const [newest, first] = transformer.writeForms("CTX1", memory);
  expect([newest, first]).toMatchObject([
    { form: 2 },
    { form: 1, text: expect.stringMatching(/^Memory m1 of CTX1 \(/u) },
  ]);
  const { contentHash = "" } = first ?? {};
  expect(transformer.prepare("CTX1", memory, contentHash)).toEqual(first);
  expect(transformer.write("CTX1", memory, contentHash)).toEqual(first);
  expect(transformer.prepare("CTX1", { ...memory, transcript: "Other." }, contentHash)).toMatchObject({
    form: 2,
  });
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
