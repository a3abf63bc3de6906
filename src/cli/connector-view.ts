import type { Standing } from "../json/standing-json.ts";
import type { App, ConnectorConfig } from "../runtime/app.ts";
import type { RunRecord } from "../state/run-record.ts";
import type { ScheduleState } from "../state/schedule-state.ts";

/** A due time that has passed by less is about to be served. Milliseconds. */
const toleranceMs = 60_000;

/** Where a connector stands by the state store, which a running service keeps up to date. */
export interface ConnectorView extends Standing {
  connector: ConnectorConfig;
  lastRun: RunRecord | null;
  schedule: ScheduleState | undefined;
}

/** In the order given. */
export async function viewConnectors(
  { state }: App,
  connectors: readonly ConnectorConfig[],
  now: number,
): Promise<ConnectorView[]> {
  const schedules = new Map((await state.listSchedules()).map((each) => [each.connectorId, each]));
  const views: ConnectorView[] = [];
  for (const connector of connectors) {
    const { id, contextIds } = connector;
    const scopes = contextIds.map((contextId) => ({ connectorId: id, contextId }));
    const oldest = await Promise.all(scopes.map((scope) => state.oldestUnfinished(scope)));
    const { runs } = await state.listRuns({ connectorId: id, limit: 1 });
    const schedule = schedules.get(id);
    views.push({
      connector,
      lastRun: runs[0] ?? null,
      schedule,
      counts: await state.countRows(id),
      contexts: await Promise.all(scopes.map((scope) => state.getSyncState(scope))),
      oldestUnfinishedAt: earliest(oldest),
      overdueSince: connector.enabled ? overdueSince(schedule, now) : null,
    });
  }
  return views;
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function overdueSince(schedule: ScheduleState | undefined, now: number): number | null {
  if (schedule === undefined || schedule.openRun !== null) return null;
  const { dueAt } = schedule;
  return dueAt !== null && dueAt < now - toleranceMs ? dueAt : null;
}
