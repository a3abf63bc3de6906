import { plural } from "../../kernel/util/readable.ts";
import type { ListRequest, MemoryPage, MemorySource } from "../../sources/memory-source.ts";

/**
 * The pages of a listing, held against what the source says of itself: where it never shows more than so many items, a list of that length
 * is not whole, whoever reads it.
 */
export async function* listPages(
  source: MemorySource,
  request: ListRequest,
  signal: AbortSignal,
): AsyncGenerator<MemoryPage> {
  const { complete } = source.capabilities;
  let shown = 0;
  for await (const page of source.list(request, signal)) {
    shown += page.memories.length + page.malformed.length + (page.pending?.length ?? 0);
    const isCut = complete !== "yes" && shown >= complete.cappedAt;
    yield isCut
      ? { ...page, truncated: page.truncated ?? { reason: cappedReason(complete.cappedAt) } }
      : page;
  }
}

function cappedReason(cappedAt: number): string {
  return `the source never shows more than ${plural(cappedAt, "memory", "memories")}`;
}
