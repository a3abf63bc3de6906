import { expect, test } from "vitest";
import { memoryOf } from "../../test/support/sync-harness.ts";
import type { MalformedMemory } from "../domain/memory.ts";
import type { MemoryPage } from "../sources/memory-source.ts";
import { SeenIds } from "./seen-ids.ts";

const broken = (id: string | null): MalformedMemory => ({ id, problems: [], excerpt: "", fingerprint: "f" });
const page = (ids: string[], malformed: (string | null)[] = []): MemoryPage => ({
  memories: ids.map((id) => memoryOf(id)),
  malformed: malformed.map(broken),
  truncated: null,
});

test("nothing shown is empty, and all of it has names", () => {
  const shown = new SeenIds();
  expect(shown).toMatchObject({ isEmpty: true, isNamed: true });
  shown.add(page([]));
  expect(shown.isEmpty).toBe(true);
});

test("good and broken items with an id are known by it", () => {
  const shown = new SeenIds();
  shown.add(page(["a"], ["b"]));
  expect(["a", "b", "c"].map((id) => shown.has(id))).toEqual([true, true, false]);
  expect(shown).toMatchObject({ isEmpty: false, isNamed: true });
});

test("an item without an id that stands for several memories is those, and no other", () => {
  const shown = new SeenIds();
  shown.add({ ...page([]), malformed: [{ ...broken(null), standsFor: "talk/" }] });
  expect(["talk/1", "talk/2", "talk", "talks/1"].map((id) => shown.isUnread(id))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(shown).toMatchObject({ isEmpty: false, isNamed: true });
  expect(shown.has("talk/1")).toBe(false);
});

test("an item without an id may be any memory, and is shown anew each time", () => {
  const shown = new SeenIds();
  shown.add(page([], [null]));
  expect(shown).toMatchObject({ isEmpty: false, isNamed: false });
  shown.add(page([], [null]));
  expect(shown.isNamed).toBe(false);
  shown.add(page(["a"], ["b"]));
  const rest = shown.without({ ...page(["a", "c"], ["b", "d", null]), mayHaveDrifted: true });
  expect(rest).toEqual({ ...page(["c"], ["d", null]), mayHaveDrifted: true });
});
