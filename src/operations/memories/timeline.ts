import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { timelineCursor } from "../../state/cursor.ts";
import { unitOf } from "../../state/memory-matches.ts";
import type { CountQuery, Facet, FacetCount } from "../../state/memory-query.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { connectorIdField, pageEnd, pageQuery, textOf } from "../fields.ts";
import { type Moment, momentField } from "../moments.ts";
import { operation } from "../operation.ts";
import { connectorsOf } from "../over-connectors.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";
import { dayAt, isoDate, type Period, periodLengths, periodOf } from "./calendar.ts";
import { calendarField } from "./memory-filter.ts";

/** Limit of the memories that one answer reads to describe its periods; each period gets a share, its newest. */
const mostLooked = 2_500;

/** To find and count a period costs as much as to read so many memories. */
const costOfPeriod = 3;

const topKinds = { tags: "tag", people: "person", places: "place" } as const;

const named = z.array(z.strictObject({ name: z.string(), count: countSchema }));

const input = z.strictObject({
  connectorId: connectorIdField.optional().describe("only of this connector"),
  contextId: textOf(500).optional().describe("only of this context"),
  status: z.enum(ledgerStatuses).optional().describe("only those that stand here"),
  since: momentField.optional().describe("from the period on that holds this time or day"),
  until: momentField.optional().describe("up to the period that holds this time or day"),
  by: z.enum(periodLengths).default("day").describe("weeks begin on Monday"),
  timezone: calendarField,
  top: z.coerce
    .number()
    .int()
    .min(0)
    .max(20)
    .default(3)
    .describe("how many tags, people and places of each period"),
  ...pageQuery,
});

const period = z.strictObject({
  period: z.string().describe("`2025-01-31`, `2025-W05` or `2025-01`"),
  firstDay: z.string().describe("`memories` lists these with `firstDay` as `since` and `lastDay` as `until`"),
  lastDay: z.string(),
  since: instantSchema.describe("its first instant; with several zones, the earliest"),
  until: instantSchema,
  memories: countSchema,
  statuses: z.record(z.string(), countSchema).describe("of them, those that stand here; none is left out"),
  tags: named,
  people: named,
  places: named,
  topOf: countSchema.describe("how many of them, the newest, tags, people and places were counted in"),
});

export const timeline = operation({
  name: "memory.timeline",
  tag: "Knowledge",
  summary: "Count memories by day, week or month, newest first, with what they are about",
  details:
    "A memory is counted on the day that the clocks of its connector's `timezone` showed, or those of the `timezone` that is asked for. " +
    "Periods without memories are left out, and so are memories without a time. Tags, people and places are counted in the newest memories " +
    "of each period, some 2,500 in one answer; `topOf` says in how many.",
  access: "viewer",
  input,
  output: z.strictObject({ periods: z.array(period), ...pageEnd }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: async ({ services, signal }, query) => {
    const { state } = services;
    const calendars = await Promise.all(
      connectorsOf(services, query.connectorId).map(({ id, timezone }) =>
        calendarOf(state, id, query.timezone ?? timezone),
      ),
    );
    const { days, next } = await periodsOf(state, calendars, query, signal);
    const periods = [];
    for (const day of days) {
      await setImmediate();
      signal.throwIfAborted();
      const spans = calendars.map((each) => ({ ...each, span: periodOf(day, query.by, each.zone) }));
      periods.push(await describe(state, spans, query, days.length));
    }
    return { periods, next: next === null ? null : timelineCursor.encode({ before: next * dayMs }) };
  },
});

type Query = z.output<typeof input>;

const dayMs = 86_400_000;

/** A connector and the zone that says which day it was. */
interface Calendar {
  id: string;
  zone: string;
  /** Where any of its memories stands: what no memory is, is not counted for each period. */
  standing: readonly LedgerStatus[];
}

async function calendarOf(state: StateManager, id: string, zone: string): Promise<Calendar> {
  const rows = await state.countRows(id);
  return { id, zone, standing: ledgerStatuses.filter((status) => rows[status] > 0) };
}

/** The first days of the newest periods with memories, and that of the last one where there are older ones. */
async function periodsOf(
  state: StateManager,
  calendars: readonly Calendar[],
  query: Query,
  signal: AbortSignal,
): Promise<{ days: number[]; next: number | null }> {
  const { by, limit, after } = query;
  let before = (timelineCursor.decode(after)?.before ?? Number.POSITIVE_INFINITY) / dayMs;
  const days: number[] = [];
  for (;;) {
    await setImmediate();
    signal.throwIfAborted();
    const newest = await Promise.all(calendars.map((each) => newestBefore(state, each, query, before)));
    const known = newest.filter((day) => day !== null);
    if (known.length === 0) return { days, next: null };
    if (days.length === limit) return { days, next: before };
    before = periodOf(Math.max(...known), by, "UTC").first;
    days.push(before);
  }
}

/** The newest day with memories before the first day of a period, within the periods that are asked for. */
async function newestBefore(
  state: StateManager,
  { id, zone, standing }: Calendar,
  query: Query,
  before: number,
): Promise<number | null> {
  const { by, since, until } = query;
  const holding = (moment: Moment) =>
    periodOf(typeof moment === "number" ? dayAt(unitOf(moment), zone) : moment.day, by, zone);
  const latest = until === undefined ? Number.MAX_SAFE_INTEGER : holding(until).to;
  const end = Number.isFinite(before) ? Math.min(latest, periodOf(before, by, zone).from) : latest;
  const unit = await state.newestUnitBefore(countQuery(id, query, standing), end);
  return unit === null || (since !== undefined && unit < holding(since).from) ? null : dayAt(unit, zone);
}

/** A period of a connector. */
interface Spanned extends Calendar {
  span: Period;
}

async function describe(
  state: StateManager,
  spans: readonly Spanned[],
  query: Query,
  of: number,
): Promise<z.output<typeof period>> {
  const counted = await Promise.all(
    spans.map(({ id, span, standing }) => state.countInSpan(countQuery(id, query, standing), span)),
  );
  const sum = (status: LedgerStatus) => counted.reduce((total, counts) => total + counts[status], 0);
  const statuses = ledgerStatuses
    .map((status) => [status, sum(status)] as const)
    .filter(([, count]) => count > 0);
  const looked = Math.max(1, Math.floor(mostLooked / (of * spans.length)) - costOfPeriod);
  const { name, first, last } = (spans[0] as Spanned).span;
  return {
    period: name,
    ...{ firstDay: isoDate(first), lastDay: isoDate(last) },
    since: isoInstant(Math.min(...spans.map(({ span }) => span.from))),
    until: isoInstant(Math.max(...spans.map(({ span }) => span.to)) - 1),
    memories: statuses.reduce((total, [, count]) => total + count, 0),
    statuses: Object.fromEntries(statuses),
    ...(await topOf(state, spans, query, { looked, statuses: statuses.map(([status]) => status) })),
  };
}

async function topOf(
  state: StateManager,
  spans: readonly Spanned[],
  query: Query,
  { looked, statuses }: { looked: number; statuses: readonly LedgerStatus[] },
) {
  const { top: limit } = query;
  if (limit === 0) return { tags: [], people: [], places: [], topOf: 0 };
  const ask = { kinds: Object.values(topKinds), limit, looked };
  const found = await Promise.all(
    spans.map(({ id, span }) => state.topFacets(countQuery(id, query, statuses), { ...ask, span })),
  );
  const facets = found.flatMap((one) => one.facets);
  const mostOf = (kind: Facet["kind"]) =>
    merged(facets.filter((facet) => facet.kind === kind)).slice(0, limit);
  return {
    tags: mostOf(topKinds.tags),
    people: mostOf(topKinds.people),
    places: mostOf(topKinds.places),
    topOf: found.reduce((total, one) => total + one.looked, 0),
  };
}

/** Memories shared by several connectors are counted once. */
function merged(facets: readonly FacetCount[]): { name: string; count: number }[] {
  const byKey = new Map<string, { name: string; count: number }>();
  for (const { key, name, count } of facets) {
    const known = byKey.get(key);
    byKey.set(key, { name: known?.name ?? name, count: (known?.count ?? 0) + count });
  }
  return [...byKey.values()].toSorted((a, b) => b.count - a.count);
}

function countQuery(
  connectorId: string,
  { contextId, status }: Query,
  standing: readonly LedgerStatus[],
): CountQuery {
  const statuses = status === undefined ? standing : standing.filter((each) => each === status);
  return { connectorId, contextId, statuses };
}
