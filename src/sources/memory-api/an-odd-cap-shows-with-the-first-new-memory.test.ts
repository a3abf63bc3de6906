import { expect, test } from "vitest";
import { type ApiMemory, makeApiMemories } from "../../../test/support/memory-api-data.ts";
import { sourceInProcess } from "../../../test/support/memory-api-in-process.ts";
import type { ListScope, MemoryPage, SourceLore } from "../memory-source.ts";
import type { MemoryApiSettings } from "./memory-api-options.ts";

const day = 86_400_000;

/** A server that shows its newest `cap` memories, an hour apart; each look knows what those before have taught. */
function looking(count: number, cap: number, settings: Partial<MemoryApiSettings> = {}) {
  const { api, client, clock } = sourceInProcess({ cap, now: () => clock.now() }, settings);
  const aged = (hours: number, id: string) =>
    ({
      ...makeApiMemories(1)[0],
      id,
      created_at: new Date(clock.now() - hours * 3_600_000).toISOString(),
    }) as ApiMemory;
  api.put("CTX", ...Array.from({ length: count }, (_, hours) => aged(hours + 1, `m${hours}`)));
  let lore: SourceLore | null = null;
  const look = async (scope: ListScope) => {
    const pages: MemoryPage[] = [];
    const request = { contextId: "CTX", scope, limit: 100, lore };
    for await (const page of client.list(request, new AbortController().signal)) pages.push(page);
    lore = pages.at(-1)?.lore ?? lore;
    const ids = pages.flatMap(({ memories }) => memories.map(({ id }) => id));
    return { count: ids.length, reason: pages.at(-1)?.truncated?.reason ?? null };
  };
  return {
    everything: () => look({ kind: "everything" }),
    lastDay: () => look({ kind: "events", since: clock.now() - day }),
    add: (id: string) => api.put("CTX", aged(0, id)),
    remove: (id: string) => api.remove("CTX", id),
  };
}

test.each([26, 73, 370, 999])("a cap of %i, though only the last day is asked for", async (cap) => {
  const { everything, lastDay, add } = looking(cap + 30, cap);
  expect(await everything()).toEqual({ count: cap, reason: null });
  expect(await lastDay()).toEqual({ count: cap, reason: null });
  add("new");
  for (let run = 0; run < 2; run++)
    expect((await lastDay()).reason).toContain("new ones seem to push old ones off the list");
});

test.each([
  ["a memory more", ({ add }: ReturnType<typeof looking>) => add("new"), 25],
  ["a memory less", ({ remove }: ReturnType<typeof looking>) => remove("m30"), 24],
])(
  "%s than at first proves that there is none, and the last day is enough from then on",
  async (_, change, young) => {
    const source = looking(73, 10_000);
    await source.everything();
    change(source);
    expect((await source.lastDay()).count).not.toBe(young);
    expect(await source.lastDay()).toEqual({ count: young, reason: null });
  },
);

test.each([
  ["is longer than common caps", 1_100, {}],
  ["is read in pages", 73, { paging: "offset" }],
  ["is known to have none", 73, { serverCap: "none" }],
] as const)("a list that %s is not read for it", async (_, count, settings) => {
  const { everything, lastDay } = looking(count, 10_000, settings);
  await everything();
  expect(await lastDay()).toEqual({ count: 24, reason: null });
});
