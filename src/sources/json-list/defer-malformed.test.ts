import { expect, test } from "vitest";
import { malformedOf } from "../../../test/support/memory-list.ts";
import { memoryOf } from "../../../test/support/sync-harness.ts";
import { noLore } from "../memory-api/listing-lore.ts";
import type { MemoryPage } from "../memory-source.ts";
import { deferMalformed } from "./defer-malformed.ts";

const page = (change: Partial<MemoryPage>): MemoryPage => ({
  memories: [],
  malformed: [],
  truncated: null,
  ...change,
});

async function settled(pages: MemoryPage[], doubt: string | null = null): Promise<MemoryPage[]> {
  async function* given() {
    yield* pages;
  }
  const all: MemoryPage[] = [];
  for await (const one of deferMalformed(given(), () => doubt)) all.push(one);
  return all;
}

test("pages of good memories pass as they are", async () => {
  const pages = [
    page({ memories: [memoryOf("a")] }),
    page({ memories: [memoryOf("b")], lore: noLore, mayHaveDrifted: true }),
  ];
  expect(await settled(pages)).toEqual(pages);
  expect(await settled([])).toEqual([]);
});

test("broken items come last, each once, and not if their id came in a good form on any page", async () => {
  const good = memoryOf("a");
  const [of, stray, other] = [malformedOf("1", "a"), malformedOf("2"), malformedOf("3", "b")];
  const pages = [
    page({ malformed: [of, stray] }),
    page({ memories: [good], ambiguous: ["a"], malformed: [stray, other], lore: noLore }),
  ];
  expect(await settled(pages)).toEqual([
    page({}),
    page({ memories: [good], ambiguous: ["a"], lore: noLore }),
    page({ malformed: [stray, other], ambiguous: [], lore: noLore }),
  ]);
});

test("why a listing may not be all stands on a last page alone", async () => {
  const pages = [
    page({ memories: [memoryOf("a")] }),
    page({ memories: [memoryOf("b")], lore: noLore, truncated: { reason: "capped" } }),
  ];
  expect((await settled(pages)).map(({ truncated }) => truncated)).toEqual([
    null,
    null,
    { reason: "capped" },
  ]);
  expect((await settled(pages, "doubted")).at(-1)?.truncated).toEqual({ reason: "capped" });
});

test("of a listing in doubt nothing is learnt", async () => {
  const last = page({ memories: [memoryOf("b")], lore: noLore });
  expect(await settled([last], "doubted")).toEqual([
    page({ memories: [memoryOf("b")] }),
    page({ ambiguous: [], truncated: { reason: "doubted" } }),
  ]);
});
