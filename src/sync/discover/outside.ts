import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { MemorySource, SourceLore } from "../../sources/memory-source.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { coveredSince } from "../query-range.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { readsMore } from "./choose-range.ts";
import type { DiscoverParts } from "./discover-parts.ts";
import type { Reading } from "./reading.ts";

type OutsideParts = Pick<
  DiscoverParts,
  "source" | "state" | "clock" | "settings" | "options" | "report" | "events"
>;

const day = 86_400_000;

/**
 * With a fixed range, counts the memories of the source that are outside of it and were never ingested, to report them. Requests
 * the whole list, so it does so once a day; at every run while the whole list shows memories of the range that the range itself did
 * not show. Returns why the range is then not complete; null otherwise.
 */
export async function countOutside(
  parts: OutsideParts,
  reading: Reading,
  signal: AbortSignal,
): Promise<string | null> {
  const { settings, clock, report } = parts;
  report.scope ??= { queryRange: settings.queryRange, outside: 0 };
  if (settings.queryRange === "auto" || settings.queryRange === "all") return null;
  const before = reading.learnt.outside;
  const now = clock.now();
  let hidden = 0;
  if (before === null || now - before.at >= (settings.fullLookMs ?? day) || before.at > now) {
    const beyond = await listEverything(parts, reading, signal);
    if (beyond !== null) reading.learnt = { ...reading.learnt, outside: { count: beyond.count, at: now } };
    hidden = beyond?.hidden ?? 0;
  }
  report.scope.outside += reading.learnt.outside?.count ?? 0;
  if (hidden === 0) return null;
  reading.learnt = { ...reading.learnt, outside: before };
  return `${plural(hidden, "memory", "memories")} of the range "all" should have come for the range "${reading.range}" as well: the server cuts its lists off, or does not know the range; set query_range to "auto"`;
}

/** Null when the source fails; the run continues. */
async function listEverything(
  parts: OutsideParts,
  reading: Reading,
  signal: AbortSignal,
): Promise<OutsideCounts | null> {
  if (reading.range === "all" && !readsMore(parts)) return nothingBeyond;
  try {
    return await countBeyond(parts, parts.settings, { ...reading, lore: reading.learnt.lore }, signal);
  } catch (error) {
    if (!isConnectorError(error) || signal.aborted) throw error;
    parts.events.emit("run:notice", {
      message: `what lies outside of query_range could not be counted: ${error.message}`,
    });
    return null;
  }
}

/** Memories of the source besides those that it has shown. */
interface OutsideCounts {
  /** Unknown to the ledger. */
  count: number;
  /** Within the requested range, and older than the listing. */
  hidden: number;
}
const nothingBeyond: OutsideCounts = { count: 0, hidden: 0 };

interface CountParts {
  readonly source: Pick<MemorySource, "list">;
  readonly state: Pick<StateManager, "getRows">;
}

/** Lists everything at the source. What the ledger does not know was left out by a run that has read it all. */
export async function countBeyond(
  { source, state }: CountParts,
  { queryLimit }: Pick<SyncSettings, "queryLimit">,
  reading: Pick<Reading, "scope" | "shown" | "range" | "startedAt"> & { lore: SourceLore | null },
  signal: AbortSignal,
): Promise<OutsideCounts> {
  const { scope, shown, lore, range, startedAt } = reading;
  const reaches = coveredSince(range, startedAt);
  const request = {
    contextId: scope.contextId,
    scope: { kind: "everything" },
    limit: queryLimit,
    lore,
  } as const;
  const beyond = { ...nothingBeyond };
  for await (const page of source.list(request, signal)) {
    const { memories } = range === "all" ? page : shown.without(page);
    const ids = memories.map(({ id }) => id);
    beyond.count += ids.length - (await state.getRows(scope, ids)).size;
    if (range === "all") continue;
    const times = memories.map(({ createdAt }) => Date.parse(createdAt));
    beyond.hidden += times.filter((at) => at >= reaches && at < startedAt).length;
  }
  return beyond;
}
