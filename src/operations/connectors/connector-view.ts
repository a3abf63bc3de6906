import type * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import type { OperationContext } from "../operation-context.ts";
import { scheduleJson, scheduleSchema } from "../runs/schedule-json.ts";
import { schedulesOf } from "../runs/schedules-of.ts";
import { type ConnectorFigures, statusFields, statusFieldsSchema } from "./connector-status-fields.ts";

/** A due time that has passed by less is about to be served. Milliseconds. */
const toleranceMs = 60_000;

/** Where a connector stands: by the scheduler of this process, else by the state store, which a running service keeps up to date. */
export interface ConnectorView extends ConnectorFigures {
  connector: ConnectorConfig;
  lastRun: RunRecord | null;
  schedule: Readonly<ScheduleState> | undefined;
}

/** What every answer about a connector says of its schedule and how far it is behind. */
export const viewFields = { ...scheduleSchema.omit({ schedule: true }).shape, ...statusFieldsSchema.shape };

export function viewJson(view: ConnectorView): z.input<z.ZodObject<typeof viewFields>> {
  const { schedule: _, ...due } = scheduleJson(view.connector.schedule, view.schedule);
  return { ...due, ...statusFields(view) };
}

/** In the order given. */
export async function viewConnectors(
  context: Pick<OperationContext, "services" | "service" | "clock">,
  connectors: readonly ConnectorConfig[],
): Promise<ConnectorView[]> {
  const { state } = context.services;
  const schedules = await schedulesOf(context);
  const views: ConnectorView[] = [];
  for (const connector of connectors) {
    const { id, contextIds, enabled } = connector;
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
      overdueSince: enabled ? overdueSince(schedule, context.clock.now()) : null,
    });
  }
  return views;
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Of a connector that is switched on: the due time that has passed unserved; null for none. */
export function overdueSince(schedule: Readonly<ScheduleState> | undefined, now: number): number | null {
  if (schedule === undefined || schedule.openRun !== null) return null;
  const { dueAt } = schedule;
  return dueAt !== null && dueAt < now - toleranceMs ? dueAt : null;
}
