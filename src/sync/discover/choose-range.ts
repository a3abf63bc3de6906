import type { Memory } from "../../domain/memory.ts";
import type { SourceCapabilities } from "../../sources/source-capabilities.ts";
import type { Learnt, LedgerScope, StateManager, SyncState } from "../../state/state-manager.ts";
import { keyOf } from "../memory-key.ts";
import {
  chooseRange,
  liesOutside,
  narrowestFor,
  type QueryRange,
  reachOf,
  widerRanges,
} from "../query-range.ts";
import { isFiltered, type RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";

/** A memory that waits for its transcript is looked up whenever 1/24 of its age has passed since the last look-up. */
const checksPerAge = 24;

interface RangeParts {
  state: Pick<StateManager, "waiting">;
  clock: { now(): number };
}

type RangeOptions = Pick<RunOptions, "filter" | "wholeSource" | "force" | "outdated" | "acceptDeletions">;

type RangeSettings = Pick<SyncSettings, "queryRange" | "fullLookMs" | "wanted">;

/**
 * The range that a run requests. `auto` covers the time since the watermark; memories that the source shows late have old times, so
 * it also requests the whole list from time to time, and a wider range while memories wait for a transcript, less often the older
 * they are. A forced run includes memories that were delivered long ago, and accepted deletions are those of the whole list.
 */
export async function rangeFor(
  { state, clock }: RangeParts,
  settings: RangeSettings,
  scope: LedgerScope,
  known: SyncState | null,
  options: RangeOptions,
): Promise<QueryRange> {
  const { force, acceptDeletions } = options;
  if (isOfWholeSource(options) || isFiltered(options.filter)) return "all";
  const now = clock.now();
  const range = chooseRange(settings.queryRange, known?.watermark ?? null, now);
  if (settings.queryRange !== "auto") return range;
  const { lookedAt = {}, wanted = "" } = known?.learnt ?? {};
  if (force || acceptDeletions || wanted !== settings.wanted || isFullLookDue(settings, lookedAt, now))
    return "all";
  for (const wider of ["month", "week"] as const) {
    if (!widerRanges(range).includes(wider)) continue;
    const { oldestAt } = await state.waiting(scope, now - reachOf(wider));
    if (oldestAt !== null && isLookDue(wider, oldestAt, lookedAt, now)) return wider;
  }
  return range;
}

/** A range, the changes since a mark, or memories by their ids. */
export interface ListingChoice {
  range: QueryRange;
  since?: string;
  ids?: readonly string[];
}

/** Chooses what to list of a context. */
export async function chooseListing(
  parts: RangeParts & { source: { capabilities: SourceCapabilities } },
  settings: RangeSettings,
  scope: LedgerScope,
  known: SyncState | null,
  options: RangeOptions & Pick<RunOptions, "hinted">,
): Promise<ListingChoice> {
  const { capabilities } = parts.source;
  if (options.hinted !== undefined) return { range: "all", ids: [...options.hinted] };
  const canNarrow = capabilities.since.by !== "none";
  const range = canNarrow ? await rangeFor(parts, settings, scope, known, options) : "all";
  const since = markFor(capabilities, settings, known, { force: options.force, range });
  return since === null ? { range } : { range, since };
}

/**
 * Whether more than the connector's range is read although it was not requested: to repair, or because the source cannot narrow its lists.
 */
export function readsMore({ source, options }: Reader): boolean {
  if (isOfWholeSource(options)) return true;
  return source.capabilities.since.by === "none" && !isFiltered(options.filter);
}

/**
 * Whether a memory may be sent for the first time: not if it is outside of the connector's range and was read only because the
 * source cannot narrow its lists.
 */
export function isInScope(
  reader: Reader & { settings: Pick<SyncSettings, "queryRange">; clock: { now(): number } },
  { contextId }: Pick<LedgerScope, "contextId">,
  memory: Memory,
): boolean {
  const { settings, clock, options } = reader;
  const at = Date.parse(memory.createdAt);
  if (!readsMore(reader) || !liesOutside(settings.queryRange, at, clock.now())) return true;
  return options.adopt?.has(keyOf({ contextId, memoryId: memory.id })) === true;
}

interface Reader {
  source: { capabilities: SourceCapabilities };
  options: Pick<RunOptions, "filter" | "wholeSource" | "outdated" | "adopt">;
}

/** Documents of an older form may be of memories of any age. */
function isOfWholeSource({ wholeSource, outdated }: Pick<RunOptions, "wholeSource" | "outdated">): boolean {
  return wholeSource === true || outdated === true;
}

/**
 * Where a listing of changes begins if it can replace the range; null when the range is to be read. A source that forgets changes
 * is asked for them only after a short time.
 */
export function markFor(
  { since }: Pick<SourceCapabilities, "since">,
  { queryRange }: Pick<SyncSettings, "queryRange">,
  known: SyncState | null,
  { force, range }: { force: boolean; range: QueryRange },
): string | null {
  if (since.by !== "updated" || queryRange !== "auto" || force) return null;
  if (range === "all" || (!since.isReliable && range !== "day")) return null;
  // Memories that wait for anything but a change have to be shown again.
  const isSettled = known !== null && known.watermark === known.lastCompleteListingAt;
  return isSettled ? (known.learnt?.mark ?? null) : null;
}

/** When the whole list is due next; null when it is never due by itself. Milliseconds since the epoch. */
export function nextFullLook(
  { queryRange, fullLookMs }: Pick<SyncSettings, "queryRange" | "fullLookMs">,
  lookedAt: Learnt["lookedAt"],
  now: number,
): number | null {
  if (queryRange !== "auto" || fullLookMs === null) return null;
  const last = lookedAt.all;
  // A time in the future is from before the clock was set back.
  return last === undefined || last > now ? now : last + fullLookMs;
}

function isFullLookDue(
  settings: Pick<SyncSettings, "queryRange" | "fullLookMs">,
  lookedAt: Learnt["lookedAt"],
  now: number,
): boolean {
  const at = nextFullLook(settings, lookedAt, now);
  return at !== null && at <= now;
}

function isLookDue(range: QueryRange, oldestAt: number, lookedAt: Learnt["lookedAt"], now: number): boolean {
  if (narrowestFor(oldestAt, now) !== range) return false;
  const looks = [range, ...widerRanges(range)].map((each) => lookedAt[each] ?? Number.NEGATIVE_INFINITY);
  const last = Math.max(...looks.filter((at) => at <= now), Number.NEGATIVE_INFINITY);
  return now - last >= (now - oldestAt) / checksPerAge;
}
