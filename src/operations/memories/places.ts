import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import { areaSizes, areasWithin, boxOf } from "../../domain/areas.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { placesCursor } from "../../state/cursor.ts";
import type { FacetCount } from "../../state/memory-query.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { connectorIdField, pageEnd, pageQuery } from "../fields.ts";
import { operation } from "../operation.ts";
import { connectorsOf } from "../over-connectors.ts";
import { countSchema } from "../runs/run-json.ts";
import { areaField } from "./memory-filter.ts";

/** An area gets the name that most of its newest memories have. */
const namesAsked = 5;

const input = z.strictObject({
  connectorId: connectorIdField.optional().describe("only of this connector"),
  size: z.enum(areaSizes).default("0.1").describe("of an area's side, in degrees: some 100, 10 or 1 km"),
  within: areaField.optional().describe("only the next smaller areas in this one, whatever `size` says"),
  ...pageQuery,
});

export const places = operation({
  name: "memory.places",
  tag: "Knowledge",
  summary: "Count memories by place, the areas with the most of them first",
  details:
    "An area is a square of degrees. `memories` lists those of one with its `area`; `within` divides one into smaller ones. A connector's " +
    "areas are counted by themselves.",
  access: "viewer",
  input,
  output: z.strictObject({
    places: z.array(
      z.strictObject({
        connectorId: z.string(),
        area: z.string().describe("its size and its south-western corner"),
        memories: countSchema,
        box: z
          .strictObject({ south: z.number(), west: z.number(), north: z.number(), east: z.number() })
          .describe("degrees; the borders in the north and the east belong to the next areas"),
        name: z.string().nullable().describe("null where no memory of it has the name of a place"),
      }),
    ),
    ...pageEnd,
  }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: async ({ services, signal }, query) => {
    const { state } = services;
    const ids = connectorsOf(services, query.connectorId).map(({ id }) => id);
    const start = placesCursor.decode(query.after);
    const found = await Promise.all(ids.map((id) => areasOfConnector(state, id, query, start)));
    const areas = found.flat().toSorted(comparePositions);
    const shown = areas.slice(0, query.limit);
    const last = areas.length > query.limit ? shown.at(-1) : undefined;
    const named = [];
    for (const area of shown) {
      await setImmediate();
      signal.throwIfAborted();
      named.push(await placeJson(state, area));
    }
    return {
      places: named,
      next: last === undefined ? null : placesCursor.encode(positionOf(last)),
    };
  },
});

type Query = z.output<typeof input>;

interface Position {
  count: number;
  connectorId: string;
  key: string;
}
type Area = FacetCount & { connectorId: string };

const positionOf = ({ count, connectorId, key }: Area): Position => ({ count, connectorId, key });

function comparePositions(a: Position, b: Position): number {
  return (
    b.count - a.count || compareCodePoints(a.connectorId, b.connectorId) || compareCodePoints(a.key, b.key)
  );
}

/** The first areas of a connector after a position, at least one more than a page holds. */
async function areasOfConnector(
  state: StateManager,
  connectorId: string,
  { within, size, limit }: Query,
  start: Position | undefined,
): Promise<Area[]> {
  const isBehind = (area: Area) => start === undefined || comparePositions(area, start) > 0;
  const own = (areas: readonly FacetCount[]) => areas.map((area) => ({ ...area, connectorId }));
  if (within !== undefined)
    return own(await state.countFacets(connectorId, "area", areasWithin(within)))
      .filter(isBehind)
      .toSorted(comparePositions)
      .slice(0, limit + 1);
  const after = start && { count: start.count, key: keyBehind(connectorId, start) };
  const ask = { kind: "area", size, limit: limit + 1, after } as const;
  return own(await state.pageFacets(connectorId, ask));
}

/** Between areas with equally many memories, the order of the connectors decides, not the name. */
function keyBehind(connectorId: string, { key, connectorId: at }: Position): string {
  const order = compareCodePoints(connectorId, at);
  if (order === 0) return key;
  return order > 0 ? "" : "\u{10ffff}";
}

async function placeJson(state: StateManager, { connectorId, key, count }: Area) {
  const query = { connectorId, facets: [{ kind: "area", key } as const] };
  const rows: LedgerRow[] = [];
  let after: string | null = null;
  do {
    const page = await state.searchMemories(query, { limit: namesAsked - rows.length, after });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null && rows.length < namesAsked);
  const names = rows.map((row) => row.facets.place.join(", ")).filter((name) => name !== "");
  return { connectorId, area: key, memories: count, box: boxOf(key), name: mostFrequent(names) };
}

function mostFrequent(names: readonly string[]): string | null {
  const times = (name: string) => names.filter((other) => other === name).length;
  return names.toSorted((a, b) => times(b) - times(a))[0] ?? null;
}
