import { isDeepStrictEqual } from "node:util";
import type { ConnectorConfig, SourceConfig } from "../../config/config.ts";
import { isConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Logger } from "../../observe/logs.ts";
import type { RunControl } from "../../schedule/run-control.ts";
import type { SourceWatch, watchSource } from "../source-factory.ts";

export interface FollowedSources {
  /** The current connectors: a reload changes them. */
  connectors: () => readonly ConnectorConfig[];
  watchSource: (...asked: [SourceConfig, () => void]) => ReturnType<typeof watchSource>;
  hints: Pick<SourceHints, "take">;
  control: Pick<RunControl, "trigger">;
  isPaused: (connectorId: string) => boolean;
  clock: Clock;
  log: Logger;
}

/** Memories that have changed; null where nobody says which. */
type Named = ReadonlySet<string> | null;

/** Connectors of which somebody has said that their sources have changed. One is in it once, however often it was said. */
export class SourceHints {
  readonly #named = new Map<string, Named>();

  /** `memoryId`: what has changed; null where nobody says it. */
  add(connectorId: string, memoryId: string | null): void {
    const one = memoryId === null ? null : new Set([memoryId]);
    this.#named.set(connectorId, together(this.#named.get(connectorId), one));
  }

  /** Those since the last call. */
  take(): [connectorId: string, named: Named][] {
    const taken = [...this.#named];
    this.#named.clear();
    return taken;
  }
}

/** So many memories are asked for one by one. */
const mostNamed = 50;

/** `before` is undefined where nothing was said. */
function together(before: Named | undefined, more: Named): Named {
  if (before === undefined) return more;
  const all = before === null || more === null ? null : new Set([...before, ...more]);
  return all === null || all.size > mostNamed ? null : all;
}

/** How often is looked whether a run is due. Milliseconds. */
const tickMs = 1_000;
/** A source in which something changes all the time is read all the same. Milliseconds. */
const patienceMs = 60_000;
/** How often new folders are looked for where nothing has changed. Milliseconds. */
const refreshMs = 300_000;

/** The source of a connector that is watched. Times in milliseconds since the epoch. */
interface Followed {
  source: SourceConfig;
  watch: SourceWatch;
  quietMs: number;
  refreshedAt: number;
  /** Why it is not watched as a whole; null where it is. */
  reason: string | null;
}

/** When a source was first and last said to have changed, since its last run. Milliseconds since the epoch. */
interface Changes {
  first: number;
  last: number;
  named: Named;
}

interface Following {
  followed: Map<string, Followed>;
  /** By connector. */
  changes: Map<string, Changes>;
  /** Sources that cannot be watched, or need not be: nearly all, and there may be a thousand, so that each is asked about once and not every second. */
  unwatched: WeakSet<SourceConfig>;
}

/**
 * Runs connectors soon after their sources have said that something changed, until the signal aborts; then rejects with its reason. A change
 * during a run is followed by another one. A hint that is lost costs only time: the schedule goes on.
 */
export async function followSources(sources: FollowedSources, signal: AbortSignal): Promise<void> {
  const following: Following = { followed: new Map(), changes: new Map(), unwatched: new WeakSet() };
  try {
    for (;;) {
      const now = sources.clock.now();
      for (const [connectorId, named] of sources.hints.take()) note(following, connectorId, { now, named });
      await align(sources, following);
      for (const [connectorId, each] of following.followed)
        await lookAt(sources, following, { connectorId, each }, signal);
      for (const connectorId of [...following.changes.keys()])
        await runIfDue(sources, following, connectorId);
      await sources.clock.sleep(tickMs, signal);
    }
  } finally {
    for (const { watch } of following.followed.values()) watch.close();
  }
}

function note(
  { changes }: Following,
  connectorId: string,
  { now, named }: { now: number; named: Named },
): void {
  const before = changes.get(connectorId);
  changes.set(connectorId, {
    first: before?.first ?? now,
    last: now,
    named: together(before?.named, named),
  });
}

async function align(
  { connectors, watchSource, clock }: FollowedSources,
  following: Following,
): Promise<void> {
  const { followed, changes, unwatched } = following;
  const enabled = connectors().filter((each) => each.enabled);
  const watched = enabled.filter((each) => isFollowed(each) && !unwatched.has(each.source));
  const wanted = new Map(watched.map(({ id, source }) => [id, source]));
  for (const connectorId of changes.keys())
    if (!enabled.some(({ id }) => id === connectorId)) changes.delete(connectorId);
  for (const [connectorId, { source, watch }] of followed) {
    if (isDeepStrictEqual(wanted.get(connectorId), source)) continue;
    watch.close();
    followed.delete(connectorId);
  }
  for (const [connectorId, source] of wanted) {
    if (followed.has(connectorId)) continue;
    const watch = await watchSource(source, () =>
      note(following, connectorId, { now: clock.now(), named: null }),
    );
    if (watch === null) {
      unwatched.add(source);
      continue;
    }
    const quietMs = "settleMs" in source ? source.settleMs : 0;
    const refreshedAt = Number.NEGATIVE_INFINITY;
    followed.set(connectorId, { source, watch, quietMs, refreshedAt, reason: null });
  }
}

/** Files change for many reasons. A program that sends something has asked for it to be taken up, whatever the schedule. */
const isFollowed = ({ schedule, source }: ConnectorConfig) =>
  schedule.type !== "manual" || source.type === "push";

async function lookAt(
  { clock, log }: FollowedSources,
  { changes }: Following,
  { connectorId, each }: { connectorId: string; each: Followed },
  signal: AbortSignal,
): Promise<void> {
  await each.watch.look?.();
  const now = clock.now();
  if (isOver(changes.get(connectorId), each.quietMs, now) || now - each.refreshedAt >= refreshMs)
    await refresh(each, { connectorId, now, log }, signal);
}

async function runIfDue(
  { control, isPaused, clock, log }: FollowedSources,
  { followed, changes }: Following,
  connectorId: string,
): Promise<void> {
  const now = clock.now();
  const quietMs = followed.get(connectorId)?.quietMs ?? 0;
  const change = changes.get(connectorId);
  if (change === undefined || !isOver(change, quietMs, now) || isPaused(connectorId)) return;
  const { named } = change;
  changes.delete(connectorId);
  try {
    await control.trigger(connectorId, named === null ? {} : { hinted: [...named] });
  } catch (thrown) {
    if (isConnectorError(thrown, "RUN_ACTIVE")) changes.set(connectorId, { first: now, last: now, named });
    else if (!isConnectorError(thrown, "SCHEDULER_STOPPED"))
      log.warn(
        { connector_id: connectorId, error: toConnectorError(thrown).format() },
        "no run after a change",
      );
  }
}

function isOver(changes: Changes | undefined, quietMs: number, now: number): boolean {
  if (changes === undefined) return false;
  return now - changes.last >= quietMs || now - changes.first >= patienceMs;
}

async function refresh(
  each: Followed,
  { connectorId, now, log }: { connectorId: string; now: number; log: Logger },
  signal: AbortSignal,
): Promise<void> {
  each.refreshedAt = now;
  const reason = await each.watch.refresh(signal);
  if (reason !== null && reason !== each.reason)
    log.warn(
      { connector_id: connectorId, reason },
      "changes of the source are not told of by themselves; the schedule finds them",
    );
  each.reason = reason;
}
