import { expect, test } from "vitest";
import { memoryOf } from "../../../test/support/sync-harness.ts";
import type { PushedMemory } from "../../domain/pushed-memory.ts";
import type { ListScope, MemoryPage } from "../memory-source.ts";
import { PushSource } from "./push-source.ts";

const entry = (memoryId: string, number: number): PushedMemory => ({
  connectorId: "apps",
  contextId: "CTX",
  memoryId,
  number,
  pushedAt: 1,
  memory: memoryOf(memoryId, { transcript: `${memoryId}, change ${number}` }),
});

/** Entries as a state has them: one for each memory, in the order of their numbers. */
function sourceOf(entries: PushedMemory[]) {
  const pushed = {
    newest: async () => Math.max(0, ...entries.map(({ number }) => number)),
    changes: async (_: unknown, after: number, limit: number) =>
      entries
        .filter(({ number }) => number > after)
        .toSorted((a, b) => a.number - b.number)
        .slice(0, limit),
  };
  return new PushSource({ connectorId: "apps", pushed, pageSize: 2 });
}

const request = { contextId: "CTX", scope: { kind: "everything" }, limit: 9 } as const;
async function listed(source: PushSource, scope: ListScope): Promise<MemoryPage[]> {
  const pages: MemoryPage[] = [];
  for await (const page of source.list({ ...request, scope }, AbortSignal.timeout(5_000))) pages.push(page);
  return pages;
}

const texts = (pages: readonly MemoryPage[]) =>
  pages.flatMap(({ memories }) => memories.map(({ transcript }) => transcript));

test("what is sent while a list is read is shown once, and what was shown before is left to the next list", async () => {
  const entries = ["a", "b", "c", "d"].map((id, index) => entry(id, index + 1));
  const source = sourceOf(entries);
  const pages: MemoryPage[] = [];
  for await (const page of source.list(request, AbortSignal.timeout(5_000))) {
    pages.push(page);
    if (pages.length === 1) entries.splice(0, 4, entry("b", 2), entry("c", 3), entry("a", 5), entry("d", 6));
  }
  expect(texts(pages)).toEqual(["a, change 1", "b, change 2", "c, change 3", "d, change 6"]);
  const scope = { kind: "changes", since: pages.at(-1)?.mark ?? "" } as const;
  const later = await listed(source, scope);
  expect(texts(later)).toEqual(["a, change 5", "d, change 6"]);
});

test("a mark of a state that was put back is the beginning", async () => {
  const source = sourceOf([entry("a", 1)]);
  for (const since of ["7", "-1", "1.5", "", "of another source"]) {
    const scope = { kind: "changes", since } as const;
    const pages = await listed(source, scope);
    expect(texts(pages)).toEqual(["a, change 1"]);
  }
});
