import type { ListRequest, MemoryPage, MemorySource } from "../../src/sources/memory-source.ts";

const never = new AbortController().signal;

/** A listing as a whole. */
export async function listingOf(source: MemorySource, request: Partial<ListRequest> = {}) {
  const pages: MemoryPage[] = [];
  const whole = { contextId: "CTX", scope: { kind: "everything" }, limit: 100, ...request } as const;
  for await (const page of source.list(whole, never)) pages.push(page);
  const memories = pages.flatMap((page) => page.memories);
  const malformed = pages.flatMap((page) => page.malformed);
  const last = pages.at(-1);
  return {
    pages,
    memories,
    ids: memories.map(({ id }) => id),
    malformed,
    problems: malformed.flatMap(({ problems }) => problems),
    pending: pages.flatMap(({ pending = [] }) => pending.map(({ id }) => id)),
    deleted: pages.flatMap(({ deleted = [] }) => deleted),
    ambiguous: pages.flatMap(({ ambiguous = [] }) => ambiguous),
    truncated: last?.truncated ?? null,
    mark: last?.mark ?? "",
    lore: last?.lore ?? null,
  };
}

/** How the server of a test is asked: fast, and without patience. */
export const eagerServer = {
  timeoutMs: 2_000,
  maxRetries: 1,
  rateLimit: { perSecond: 10_000, burst: 10_000 },
  breakerThreshold: 100,
  breakerOpenMs: 1_000,
  keyOrigin: null,
  random: () => 0,
};

/** Puts another item in the place of one that a server holds. */
export function spoilIn<Item extends Record<string, unknown>>(
  items: Map<string, Item>,
  key: string,
  change: (item: Record<string, unknown>) => object,
): void {
  items.set(key, change(items.get(key) ?? {}) as Item);
}

/** The server accepts no key any more, until what this returns is called. */
export function revokedKey<Field extends string>(server: Record<Field, string>, field: Field): () => void {
  const key = server[field];
  server[field] = "another key" as typeof key;
  return () => {
    server[field] = key;
  };
}
