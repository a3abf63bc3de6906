import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { Memory } from "../../domain/memory.ts";

const day = "2025-01-01~no-place";
const notes = (count: number, first = 0) =>
  Array.from({ length: count }, (_, at) => memoryOf(`n${String(first + at).padStart(3, "0")}`));

async function dividing(mergeDocumentCharacters: number, change = {}) {
  const sync = await quickHarness({ mergeDocumentCharacters, ...change }, { merge: { maxCharacters: 100 } });
  const show = async (memories: readonly Memory[]) => {
    sync.source.memories = [...memories];
    return sync.run();
  };
  /** The notes of each document, by its name. */
  const documents = () =>
    new Map(
      Array.from(sync.sink.texts(), ([name, text]) => [
        name,
        Array.from(text.matchAll(/what (n\d+) says/gu), ([, id]) => id),
      ]),
    );
  return { ...sync, show, documents };
}

test("a group is divided before a document outgrows its size, and each note is in one of them", async () => {
  const sync = await dividing(2_000);
  expect(await sync.show(notes(119))).toMatchObject({ outcome: "success", counts: { new: 119, dead: 0 } });
  const documents = sync.documents();
  expect(documents.size).toBeGreaterThan(3);
  expect([...documents.keys()]).toEqual(expect.arrayContaining([`${day}@CTX.md`, `${day}~2@CTX.md`]));
  for (const text of sync.sink.texts().values()) expect(text.length).toBeLessThan(2_200);
  expect([...documents.values()].flat().toSorted()).toEqual(notes(119).map(({ id }) => id));
  expect(await sync.show(notes(119))).toMatchObject({ counts: { unchanged: 119, submitted: 0 } });
});

test("notes that come one by one cost no more than a document of that size each", async () => {
  const sync = await dividing(1_000);
  let characters = 0;
  for (let count = 1; count <= 40; count += 1) {
    const before = new Map(sync.sink.texts());
    await sync.show(notes(count));
    for (const [name, text] of sync.sink.texts()) if (before.get(name) !== text) characters += text.length;
  }
  expect(characters / 40).toBeLessThan(1_100);
  expect([...sync.documents().values()].flat()).toHaveLength(40);
});

test("a note stays in its document when it changes, and a full document from before takes no more and is not sent again", async () => {
  const grown = await dividing(Number.POSITIVE_INFINITY);
  await grown.show(notes(30));
  const { state, source, sink } = grown;
  const later = await dividing(1_000);
  const { run } = later.with({ state, source, sink });
  source.memories = notes(31);
  expect(await run()).toMatchObject({ counts: { new: 1, submitted: 1, deleted: 0 } });
  expect(grown.documents().get(`${day}@CTX.md`)).toHaveLength(30);
  expect(grown.documents().get(`${day}~2@CTX.md`)).toEqual(["n030"]);
  source.memories = [memoryOf("n000", { transcript: "what n000 says now" }), ...notes(30, 1)];
  expect(await run()).toMatchObject({ counts: { changed: 1, submitted: 1 } });
  expect(grown.sink.texts().get(`${day}@CTX.md`)).toContain("what n000 says now");
});

test("a document that its last note has left goes, and the others stay", async () => {
  const sync = await dividing(1_000);
  await sync.show(notes(12));
  const last = [...sync.documents()].at(-1);
  const moved = notes(12).map((note) =>
    last?.[1].includes(note.id) ? { ...note, createdAt: "2025-01-03T00:00:00Z" } : note,
  );
  expect(await sync.show(moved)).toMatchObject({ outcome: "success", counts: { vanished: 0 } });
  expect(sync.documents().has(last?.[0] ?? "")).toBe(false);
  expect([...sync.documents().values()].flat().toSorted()).toEqual(notes(12).map(({ id }) => id));
});
