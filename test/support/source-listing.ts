import type { ListRequest, MemoryPage, MemorySource } from "../../src/sources/memory-source.ts";

const never = new AbortController().signal;

/** A listing as a whole. */
export async function listingOf(source: MemorySource, request: Partial<ListRequest> = {}) {
  const pages: MemoryPage[] = [];
  const whole = { contextId: "CTX", scope: { kind: "everything" }, limit: 100, ...request } as const;
  for await (const page of source.list(whole, never)) pages.push(page);
  const memories = pages.flatMap((page) => page.memories);
  return {
    pages,
    memories,
    ids: memories.map(({ id }) => id),
    malformed: pages.flatMap(({ malformed }) => malformed),
    pending: pages.flatMap(({ pending = [] }) => pending.map(({ id }) => id)),
    deleted: pages.flatMap(({ deleted = [] }) => deleted),
    truncated: pages.at(-1)?.truncated ?? null,
    mark: pages.at(-1)?.mark ?? "",
  };
}

/** How the server of a test is asked: fast, and without patience. */
export const eagerServer = {
  timeoutMs: 2_000,
  maxRetries: 1,
  requestsPerSecond: 10_000,
  circuitBreaker: { failures: 100, cooldownMs: 1_000 },
  keyOrigin: null,
  random: () => 0,
};
