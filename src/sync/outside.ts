import { isConnectorError } from "../kernel/errors/connector-error.ts";
import type { ListingLore } from "../sources/listing-lore.ts";
import type { Reading } from "./reading.ts";
import { notice, type RunContext, type SyncParts } from "./run-context.ts";
import type { SyncSettings } from "./sync-settings.ts";

const day = 86_400_000;

/**
 * With a fixed range, counts the memories of the source that lie outside of it and were never taken up, so that a person hears of them. Asks for
 * the whole list, so it does so once a day.
 */
export async function countOutside(run: RunContext, reading: Reading): Promise<void> {
  const { settings, clock, report } = run;
  report.scope ??= { queryRange: settings.queryRange, outside: 0 };
  if (settings.queryRange === "auto" || settings.queryRange === "all") return;
  const before = reading.learnt.outside;
  const now = clock.now();
  if (before === null || now - before.at >= (settings.fullLookMs ?? day) || before.at > now) {
    const count = reading.range === "all" ? 0 : await countOf(run, reading);
    if (count !== null) reading.learnt = { ...reading.learnt, outside: { count, at: now } };
  }
  report.scope.outside += reading.learnt.outside?.count ?? 0;
}

/** Null when the source does not tell; a run does not fail for that. */
async function countOf(run: RunContext, reading: Reading): Promise<number | null> {
  try {
    return await countBeyond(run, run.settings, { ...reading, lore: reading.learnt.lore }, run.signal);
  } catch (error) {
    if (!isConnectorError(error) || run.signal.aborted) throw error;
    notice(run, `what lies outside of query_range could not be counted: ${error.message}`);
    return null;
  }
}

/** How many memories the source has beside those that it has shown, of which the ledger knows nothing. */
export async function countBeyond(
  { source, state }: Pick<SyncParts, "source" | "state">,
  { queryLimit }: Pick<SyncSettings, "queryLimit">,
  { scope, shown, lore }: Pick<Reading, "scope" | "shown"> & { lore: ListingLore | null },
  signal: AbortSignal,
): Promise<number> {
  const request = { contextId: scope.contextId, range: "all", limit: queryLimit, lore } as const;
  let count = 0;
  for await (const page of source.list(request, signal)) {
    const ids = shown.without(page).memories.map(({ id }) => id);
    count += ids.length - (await state.getRows(scope, ids)).size;
  }
  return count;
}
