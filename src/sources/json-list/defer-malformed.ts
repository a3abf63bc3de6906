import type { MalformedMemory } from "../../domain/memory.ts";
import type { MemoryPage } from "../memory-source.ts";
import { malformedKey } from "./memory-list.ts";

/**
 * Passes a listing on so that the good form of an item wins, whichever page it is on: malformed items wait for a page of their own at
 * the end, and are left out when their id came in a good form, or when they came already. `doubt` is asked at the end, for why the
 * listing may not be complete beside what the pages say; nothing is learnt from such a listing.
 */
export async function* deferMalformed(
  pages: AsyncIterable<MemoryPage>,
  doubt: () => string | null,
): AsyncGenerator<MemoryPage> {
  const goodIds = new Set<string>();
  const malformed = new Map<string, MalformedMemory>();
  let last: MemoryPage | null = null;
  for await (const page of pages) {
    for (const { id } of page.memories) goodIds.add(id);
    for (const item of page.malformed) malformed.set(malformedKey(item), item);
    last = doubt() === null ? page : withoutLore(page);
    yield { ...last, malformed: [], truncated: null };
  }
  if (last === null) return;
  const rest = [...malformed.values()].filter(({ id }) => id === null || !goodIds.has(id));
  const reason = last.truncated?.reason ?? doubt();
  if (rest.length === 0 && reason === null) return;
  const truncated = reason === null ? null : { reason };
  yield {
    ...last,
    memories: [],
    malformed: rest,
    ambiguous: [],
    ...(last.doubts && { doubts: [] }),
    truncated,
  };
}

function withoutLore({ lore: _, ...page }: MemoryPage): MemoryPage {
  return page;
}
