import { expect, test } from "vitest";
import { listOf, malformedOf } from "../../../test/support/memory-list.ts";
import { memoryOf } from "../../../test/support/sync-harness.ts";
import { isEmptyPage, SeenItems } from "./seen-items.ts";

test("each item of pages that overlap is taken once, as it came first; another content under its id is told", () => {
  const seen = new SeenItems();
  const broken = malformedOf("1");
  expect(
    seen.take(listOf(["a", "b"], { malformed: [broken], keys: ["a", "b", "#1"], ambiguous: ["b"] })),
  ).toEqual({
    memories: [memoryOf("a"), memoryOf("b")],
    malformed: [broken],
    ambiguous: ["b"],
    truncated: null,
  });
  const changed = memoryOf("b", { transcript: "another" });
  const next = seen.take(
    listOf([], {
      memories: [memoryOf("a"), changed, memoryOf("c")],
      malformed: [broken],
      keys: ["a", "b", "c", "#1"],
    }),
  );
  expect(next).toEqual({ memories: [memoryOf("c")], malformed: [], ambiguous: ["b"], truncated: null });
  expect(seen.size).toBe(4);
  expect(["a", "#1", "d", undefined].map((key) => seen.has(key))).toEqual([true, true, false, false]);
  expect(isEmptyPage(next)).toBe(false);
  expect(isEmptyPage(seen.take(listOf(["a", "c"])))).toBe(true);
  expect(isEmptyPage({ memories: [], malformed: [broken], truncated: null })).toBe(false);
});

test("the oldest is the first to come of the earliest time", () => {
  const seen = new SeenItems();
  expect(seen.oldest).toEqual({ oldestId: null, oldestAt: null });
  const at = (id: string, createdAt: string) => memoryOf(id, { createdAt });
  const memories = [
    at("b", "2025-02-01T00:00:00Z"),
    at("a", "2025-01-01T00:00:00Z"),
    at("c", "2025-01-01T00:00:00Z"),
    at("d", "2025-03-01T00:00:00Z"),
  ];
  seen.take(listOf(["b", "a", "c", "d"], { memories }));
  expect(seen.oldest).toEqual({ oldestId: "a", oldestAt: Date.UTC(2025, 0, 1) });
});
