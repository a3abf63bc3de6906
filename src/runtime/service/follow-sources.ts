import { isDeepStrictEqual } from "node:util";
import type { ConnectorConfig, SourceConfig } from "../../config/config.ts";
import { isConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Logger } from "../../observe/logs.ts";
import type { RunControl } from "../../schedule/run-control.ts";
import type { watchSource } from "../source-factory.ts";

export interface FollowedSources {
  /** The current connectors: a reload changes them. */
  connectors: () => readonly ConnectorConfig[];
  watchSource: typeof watchSource;
  control: Pick<RunControl, "trigger">;
  isPaused: (connectorId: string) => boolean;
  clock: Clock;
  log: Logger;
}

/** How often is looked whether a run is due, and, where nothing is watched, for sources. Milliseconds. */
const tickMs = 1_000;
const idleMs = 10_000;
/** A folder in which something changes all the time is read all the same. Milliseconds. */
const patienceMs = 60_000;
/** How often new folders are looked for where nothing has changed. Milliseconds. */
const refreshMs = 300_000;

/** The source of a connector, and what was heard of it. Times in milliseconds since the epoch. */
interface Followed {
  source: SourceConfig;
  watch: NonNullable<Awaited<ReturnType<typeof watchSource>>>;
  quietMs: number;
  changes: { first: number; last: number } | null;
  refreshedAt: number;
  /** Why it is not watched as a whole; null where it is. */
  reason: string | null;
}

/**
 * Runs connectors soon after their sources have said that something changed, until the signal aborts; then rejects with its reason. A change
 * during a run is followed by another one. A hint that is lost costs only time: the schedule goes on.
 */
export async function followSources(sources: FollowedSources, signal: AbortSignal): Promise<void> {
  const followed = new Map<string, Followed>();
  try {
    for (;;) {
      await align(sources, followed);
      for (const [connectorId, each] of followed) await followOne(sources, connectorId, each, signal);
      await sources.clock.sleep(followed.size === 0 ? idleMs : tickMs, signal);
    }
  } finally {
    for (const { watch } of followed.values()) watch.close();
  }
}

async function align(
  { connectors, watchSource, clock }: FollowedSources,
  followed: Map<string, Followed>,
): Promise<void> {
  const wanted = new Map(connectors().flatMap((each) => (isFollowed(each) ? [[each.id, each.source]] : [])));
  for (const [connectorId, { source, watch }] of followed) {
    if (isDeepStrictEqual(wanted.get(connectorId), source)) continue;
    watch.close();
    followed.delete(connectorId);
  }
  for (const [connectorId, source] of wanted) {
    if (followed.has(connectorId)) continue;
    const changed = () => {
      const each = followed.get(connectorId);
      const now = clock.now();
      if (each !== undefined) each.changes = { first: each.changes?.first ?? now, last: now };
    };
    const watch = await watchSource(source, changed);
    if (watch === null) continue;
    const quietMs = "settleMs" in source ? source.settleMs : 0;
    followed.set(connectorId, {
      source,
      watch,
      quietMs,
      changes: null,
      refreshedAt: Number.NEGATIVE_INFINITY,
      reason: null,
    });
  }
}

const isFollowed = ({ enabled, schedule }: ConnectorConfig) => enabled && schedule.type !== "manual";

async function followOne(
  { control, isPaused, clock, log }: FollowedSources,
  connectorId: string,
  each: Followed,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now();
  const isDue = each.changes !== null && isOver(each.changes, each.quietMs, now);
  if (isDue || now - each.refreshedAt >= refreshMs) await refresh(each, { connectorId, now, log }, signal);
  if (!isDue || isPaused(connectorId)) return;
  try {
    each.changes = null;
    await control.trigger(connectorId);
  } catch (thrown) {
    if (isConnectorError(thrown, "RUN_ACTIVE")) each.changes ??= { first: now, last: now };
    else if (!isConnectorError(thrown, "SCHEDULER_STOPPED"))
      log.warn(
        { connector_id: connectorId, error: toConnectorError(thrown).format() },
        "no run after a change",
      );
  }
}

function isOver({ first, last }: NonNullable<Followed["changes"]>, quietMs: number, now: number): boolean {
  return now - last >= quietMs || now - first >= patienceMs;
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
