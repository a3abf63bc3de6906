import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import { type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { timeZone } from "../../kernel/settings/types.ts";
import { timelineCursor } from "../../state/cursor.ts";
import { unitOf } from "../../state/memory-matches.ts";
import type { CountQuery, Facet, FacetCount } from "../../state/memory-query.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { connectorIdField, instantField, pageEnd, pageQuery, textOf } from "../fields.ts";
import { operation } from "../operation.ts";
import { connectorsOf } from "../over-connectors.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";
import { type Period, periodAt, periodLengths } from "./calendar.ts";

/** Limit of the memories that one answer reads to describe its periods; each period gets a share, its newest. */
const mostLooked = 2_500;

const topKinds = { tags: "tag", people: "person", places: "place" } as const;

const named = z.array(z.strictObject({ name: z.string(), count: countSchema }));

const input = z.strictObject({
  connectorId: connectorIdField.optional().describe("only of this connector"),
  contextId: textOf(500).optional().describe("only of this context"),
  status: z.enum(ledgerStatuses).optional().describe("only those that stand here"),
  since: instantField.optional().describe("from the period on that holds this time"),
  until: instantField.optional().describe("up to the period that holds this time"),
  by: z.enum(periodLengths).default("day").describe("weeks begin on Monday"),
  timezone: timeZone().default("UTC").describe("whose calendar it is, such as Europe/Berlin"),
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
  since: instantSchema.describe("`memories` lists these with the same `since` and `until`"),
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
    "Periods without memories are left out, and so are memories without a time. Tags, people and places are counted in the newest memories " +
    "of each period, some 2,500 in one answer; `topOf` says in how many.",
  access: "viewer",
  input,
  output: z.strictObject({ periods: z.array(period), ...pageEnd }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: async ({ services, signal }, query) => {
    const { state } = services;
    const ids = connectorsOf(services, query.connectorId).map(({ id }) => id);
    const { spans, next } = await periodsOf(state, ids, query, signal);
    const periods = [];
    for (const span of spans) {
      await setImmediate();
      signal.throwIfAborted();
      periods.push(await describe(state, ids, query, { span, of: spans.length }));
    }
    return { periods, next: next === null ? null : timelineCursor.encode({ before: next }) };
  },
});

type Query = z.output<typeof input>;

/** The newest periods with memories, and the end of the older ones. */
async function periodsOf(
  state: StateManager,
  ids: readonly string[],
  query: Query,
  signal: AbortSignal,
): Promise<{ spans: Period[]; next: number | null }> {
  const { by, timezone, limit, after, since, until } = query;
  const holding = (at: number) => periodAt(unitOf(at), by, timezone);
  const earliest = since === undefined ? Number.NEGATIVE_INFINITY : holding(since).from;
  const latest = until === undefined ? Number.MAX_SAFE_INTEGER : holding(until).to;
  let before = Math.min(latest, timelineCursor.decode(after)?.before ?? latest);
  const spans: Period[] = [];
  for (;;) {
    await setImmediate();
    signal.throwIfAborted();
    const newest = await newestBefore(state, ids, query, before);
    if (newest === null || newest < earliest) return { spans, next: null };
    if (spans.length === limit) return { spans, next: before };
    const span = periodAt(newest, by, timezone);
    spans.push(span);
    before = span.from;
  }
}

async function newestBefore(
  state: StateManager,
  ids: readonly string[],
  query: Query,
  before: number,
): Promise<number | null> {
  const units = await Promise.all(ids.map((id) => state.newestUnitBefore(countQuery(id, query), before)));
  const known = units.filter((unit) => unit !== null);
  return known.length === 0 ? null : Math.max(...known);
}

async function describe(
  state: StateManager,
  ids: readonly string[],
  query: Query,
  { span, of }: { span: Period; of: number },
): Promise<z.output<typeof period>> {
  const counted = await Promise.all(ids.map((id) => state.countInSpan(countQuery(id, query), span)));
  const sum = (status: LedgerStatus) => counted.reduce((total, counts) => total + counts[status], 0);
  const statuses = ledgerStatuses
    .map((status) => [status, sum(status)] as const)
    .filter(([, count]) => count > 0);
  const looked = Math.max(1, Math.floor(mostLooked / (of * ids.length)));
  return {
    period: span.name,
    since: isoInstant(span.from),
    until: isoInstant(span.to - 1),
    memories: statuses.reduce((total, [, count]) => total + count, 0),
    statuses: Object.fromEntries(statuses),
    ...(await topOf(state, ids, query, { span, looked, statuses: statuses.map(([status]) => status) })),
  };
}

async function topOf(
  state: StateManager,
  ids: readonly string[],
  query: Query,
  { span, looked, statuses }: { span: Period; looked: number; statuses: readonly LedgerStatus[] },
) {
  const { top: limit } = query;
  if (limit === 0) return { tags: [], people: [], places: [], topOf: 0 };
  const ask = { span, kinds: Object.values(topKinds), limit, looked };
  const found = await Promise.all(
    ids.map((id) => state.topFacets({ ...countQuery(id, query), statuses }, ask)),
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

function countQuery(connectorId: string, { contextId, status }: Query): CountQuery {
  return { connectorId, contextId, statuses: status === undefined ? undefined : [status] };
}
