import type { ApiMemory } from "./memory-api-data.ts";
import { type Rest, type SaidOfRest, says } from "./memory-api-spellings.ts";

/** How a simulated server shows its list. */
export interface ListingBehaviour {
  /** The server's silent cap on `limit`. */
  cap?: number | undefined;
  /** Default: the newest first. */
  order?: "newest-first" | "oldest-first" | undefined;
  /** Ranges that the server knows. Default: all of the contract's. */
  ranges?: readonly string[] | undefined;
  /** What it shows in place of a range that it does not know. Default: a week. */
  inPlaceOfOthers?: string | undefined;
  /** Limits above this are answered with 422. */
  refuseAbove?: number | undefined;
  /** Without it the position parameters are ignored, as the contract's own server does. */
  paging?: "offset" | "page" | "page-from-0" | "cursor" | undefined;
  /** By how many items pages follow each other, and where `roundsOffsets` positions are rounded to. Default: the size of a page. */
  stride?: number | undefined;
  /** Offsets are rounded down to whole pages. */
  roundsOffsets?: boolean | undefined;
  /** Items that pages are cut from, and that are not shown then. */
  hides?: ((memory: ApiMemory) => boolean) | undefined;
  /** What `count` says. Default: the items shown. */
  count?: "shown" | "total" | "absent" | undefined;
  /** How the server tells of what it does not show; one of the spellings, or any other. Default: not at all. */
  says?: keyof typeof says | ((rest: Rest) => SaidOfRest) | undefined;
  /** Cursors lead on in a circle of this many pages. */
  loopingCursors?: number | undefined;
}

export interface ListAnswer {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

const day = 86_400_000;
const reach: Record<string, number> = { day, week: 7 * day, month: 30 * day, all: Number.POSITIVE_INFINITY };

/** A listing, newest first, or undefined when the server refuses the limit. */
export function listMemories(
  memories: readonly ApiMemory[],
  query: URLSearchParams,
  behaviour: ListingBehaviour,
  now: number,
): ListAnswer | undefined {
  const limit = Number(query.get("limit") ?? 10);
  if (limit > (behaviour.refuseAbove ?? Number.POSITIVE_INFINITY)) return undefined;
  const size = Math.min(limit, behaviour.cap ?? Number.POSITIVE_INFINITY);
  const range = rangeShown(query.get("range") ?? "week", behaviour);
  const inRange = newestFirst(memories, now - (reach[range] ?? 7 * day));
  if (behaviour.order === "oldest-first") inRange.reverse();
  const start = startOf(query, behaviour, size);
  const { hides = () => false } = behaviour;
  const shown = inRange.slice(start, start + size).filter((memory) => !hides(memory));
  const next = start + size < inRange.length ? start + size : null;
  const said = saidOf({ start, shown: shown.length, total: inRange.length, size, next }, behaviour);
  const body = {
    memories: shown,
    ...(behaviour.count === "absent"
      ? {}
      : { count: behaviour.count === "total" ? inRange.length : shown.length }),
    ...(behaviour.paging === "cursor" ? { next_cursor: cursorOf(next, size, behaviour) } : {}),
    ...said.body,
  };
  return { status: said.status ?? 200, headers: said.headers ?? {}, body };
}

function rangeShown(asked: string, { ranges, inPlaceOfOthers = "week" }: ListingBehaviour): string {
  return ranges?.includes(asked) === false ? inPlaceOfOthers : asked;
}

function saidOf(rest: Rest, { says: how }: ListingBehaviour): SaidOfRest {
  if (how === undefined) return {};
  return typeof how === "function" ? how(rest) : says[how](rest);
}

function cursorOf(next: number | null, size: number, { loopingCursors }: ListingBehaviour): string | null {
  if (loopingCursors !== undefined && (next === null || next >= loopingCursors * size)) return "after-0";
  return next === null ? null : `after-${next}`;
}

function newestFirst(memories: readonly ApiMemory[], since: number): ApiMemory[] {
  return memories
    .map((memory) => ({ memory, time: Date.parse(memory.created_at) }))
    .filter(({ time }) => !(time < since))
    .sort((a, b) => b.time - a.time)
    .map(({ memory }) => memory);
}

function startOf(query: URLSearchParams, behaviour: ListingBehaviour, size: number): number {
  const { paging, stride = size, roundsOffsets } = behaviour;
  const offset = Number(query.get("offset") ?? 0);
  if (paging === "offset") return roundsOffsets === true ? Math.floor(offset / size) * stride : offset;
  if (paging === "page") return (Number(query.get("page") ?? 1) - 1) * stride;
  if (paging === "page-from-0") return Number(query.get("page") ?? 0) * stride;
  return paging === "cursor" ? Number((query.get("cursor") ?? "after-0").slice("after-".length)) : 0;
}
