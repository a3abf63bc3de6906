import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import type { StatusCounts, SyncState } from "../../state/state-manager.ts";
import { asItIs } from "../../sync/report/lost-runs.ts";
import type { OperationContext } from "../operation-context.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";
import { scheduleJson, scheduleSchema, schedulesOf } from "./connector-schedule.ts";

/** How far a connector is behind its source, and its work in progress. */
const statusFieldsSchema = z.strictObject({
  inFlight: countSchema.describe("memories on their way to LightRAG, or accepted and not proved yet"),
  completeAsOf: instantSchema
    .nullable()
    .describe("when the oldest of its contexts was last listed completely; null when one never was"),
  oldestUnfinishedAt: instantSchema.nullable().describe("the oldest memory that is not delivered yet"),
  overdueSince: instantSchema
    .nullable()
    .describe("a due time that nobody has served: no service runs, or it is at its limit"),
  isTruncated: z.boolean().describe("the last list of a context was cut off"),
});

/** Times are milliseconds since the epoch. */
interface ConnectorFigures {
  counts: StatusCounts;
  /** One for each context; null for one that was never listed. */
  contexts: readonly (SyncState | null)[];
  oldestUnfinishedAt: number | null;
  overdueSince: number | null;
}

function statusFields(figures: ConnectorFigures): z.infer<typeof statusFieldsSchema> {
  const { counts, contexts, oldestUnfinishedAt, overdueSince } = figures;
  return {
    inFlight: inFlightOf(counts),
    completeAsOf: instantOrNull(completeAsOf(figures)),
    oldestUnfinishedAt: instantOrNull(oldestUnfinishedAt),
    overdueSince: instantOrNull(overdueSince),
    isTruncated: contexts.some((context) => context !== null && context.truncated !== null),
  };
}

function inFlightOf({ submitting, submitted, deleting }: StatusCounts): number {
  return submitting + submitted + deleting;
}

/** Null when a context was never listed completely. */
function completeAsOf({ contexts }: Pick<ConnectorFigures, "contexts">): number | null {
  const times = contexts.map((context) => context?.lastCompleteListingAt ?? null);
  return times.length === 0 || times.includes(null) ? null : Math.min(...times.filter((at) => at !== null));
}

function instantOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoInstant(epochMs);
}

/** A due time that has passed by less is not overdue yet. Milliseconds. */
const toleranceMs = 60_000;

/**
 * The status of a connector: from the scheduler of this process, else from the state store, which a running service keeps up to date.
 */
export interface ConnectorView extends ConnectorFigures {
  connector: ConnectorConfig;
  lastRun: RunRecord | null;
  schedule: Readonly<ScheduleState> | undefined;
}

/** The fields about schedule and lag in every answer about a connector. */
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
    const [newest] = (await state.listRuns({ connectorId: id, limit: 1 })).runs;
    const lastRun = newest === undefined ? null : await asItIs(state, newest);
    const schedule = schedules.get(id);
    views.push({
      connector,
      lastRun,
      schedule,
      counts: await state.countRows(id),
      contexts: await Promise.all(scopes.map((scope) => state.getSyncState(scope))),
      oldestUnfinishedAt: earliest(oldest),
      overdueSince: enabled ? overdueSince(withoutLost(schedule, lastRun), context.clock.now()) : null,
    });
  }
  return views;
}

/** A run that has lost its process serves its due time no more. */
function withoutLost(schedule: ConnectorView["schedule"], lastRun: RunRecord | null): typeof schedule {
  const isLost = lastRun?.outcome === "interrupted" && lastRun.runId === schedule?.openRun?.runId;
  return schedule && isLost ? { ...schedule, openRun: null } : schedule;
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** The passed and unserved due time of an enabled connector; null for none. */
export function overdueSince(schedule: Readonly<ScheduleState> | undefined, now: number): number | null {
  if (schedule === undefined || schedule.openRun !== null) return null;
  const { dueAt } = schedule;
  return dueAt !== null && dueAt < now - toleranceMs ? dueAt : null;
}
