import type { ApiMemory } from "./memory-api-data.ts";

/** How a simulated server shows its list. */
export interface ListingBehaviour {
  /** The server's silent cap on `limit`. */
  cap?: number | undefined;
  /** Limits above this are answered with 422. */
  refuseAbove?: number | undefined;
  /** Without it the position parameters are ignored, as the contract's own server does. */
  paging?: "offset" | "page" | "page-from-0" | "cursor" | undefined;
  /** What `count` says. Default: the items shown. */
  count?: "shown" | "total" | "absent" | undefined;
}

const day = 86_400_000;
const reach: Record<string, number> = { day, week: 7 * day, month: 30 * day, all: Number.POSITIVE_INFINITY };

/** The body of a listing, newest first, or undefined when the server refuses the limit. */
export function listMemories(
  memories: readonly ApiMemory[],
  query: URLSearchParams,
  behaviour: ListingBehaviour,
  now: number,
): Record<string, unknown> | undefined {
  const limit = Number(query.get("limit") ?? 10);
  if (limit > (behaviour.refuseAbove ?? Number.POSITIVE_INFINITY)) return undefined;
  const size = Math.min(limit, behaviour.cap ?? Number.POSITIVE_INFINITY);
  const inRange = newestFirst(memories, now - (reach[query.get("range") ?? "week"] ?? 7 * day));
  const start = startOf(query, behaviour.paging, size);
  const shown = inRange.slice(start, start + size);
  return {
    memories: shown,
    ...(behaviour.count === "absent"
      ? {}
      : { count: behaviour.count === "total" ? inRange.length : shown.length }),
    ...(behaviour.paging === "cursor"
      ? { next_cursor: start + size < inRange.length ? `after-${start + size}` : null }
      : {}),
  };
}

function newestFirst(memories: readonly ApiMemory[], since: number): ApiMemory[] {
  return memories
    .map((memory) => ({ memory, time: Date.parse(memory.created_at) }))
    .filter(({ time }) => !(time < since))
    .sort((a, b) => b.time - a.time)
    .map(({ memory }) => memory);
}

function startOf(query: URLSearchParams, paging: ListingBehaviour["paging"], size: number): number {
  if (paging === "offset") return Number(query.get("offset") ?? 0);
  if (paging === "page") return (Number(query.get("page") ?? 1) - 1) * size;
  if (paging === "page-from-0") return Number(query.get("page") ?? 0) * size;
  return paging === "cursor" ? Number((query.get("cursor") ?? "after-0").slice("after-".length)) : 0;
}
