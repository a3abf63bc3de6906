import { plural } from "../../kernel/util/readable.ts";
import type { ListRequest, MemoryPage, MemorySource, SourceLore } from "../../sources/memory-source.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import { scopeOf } from "../query-range.ts";
import type { SyncSettings } from "../sync-settings.ts";
import type { Asked } from "./choose-range.ts";

export function requestOf(
  { settings, clock }: { settings: Pick<SyncSettings, "queryLimit">; clock: { now(): number } },
  { contextId }: Pick<LedgerScope, "contextId">,
  { range, since }: Asked,
  lore: SourceLore | null,
  resume: string | null = null,
): ListRequest {
  const scope = since === undefined ? scopeOf(range, clock.now()) : ({ kind: "changes", since } as const);
  return { contextId, scope, limit: settings.queryLimit, lore, ...(resume !== null && { resume }) };
}

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
