import * as z from "zod";
import { isGroup, type LedgerRow, ledgerStatuses } from "../../domain/ledger-row.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { memoriesCursor, newestCursor } from "../../state/cursor.ts";
import { ageWithoutTime } from "../../state/row-rules.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { connectorIdField, instantField } from "../fields.ts";
import { operation } from "../operation.ts";
import { connectorsOf } from "../over-connectors.ts";
import { pageEnd, pageQuery } from "../page.ts";
import { textOf } from "../texts.ts";
import { rowJson, rowSchema } from "./row-json.ts";

const input = z.strictObject({
  connectorId: connectorIdField.optional().describe("only of this connector"),
  contextId: textOf(500).optional().describe("only of this context"),
  status: z.enum(ledgerStatuses).optional().describe("only those that stand here"),
  since: instantField.optional().describe("only those recorded at this time or later"),
  until: instantField.optional().describe("only those recorded at this time or earlier"),
  ...pageQuery,
});

export const listMemories = operation({
  name: "memory.list",
  tag: "Knowledge",
  summary: "List memories by their time, newest first, over one or all connectors",
  details:
    "All that the ledger knows of them but their words. Those without a time come first, and not at all when a time is asked for.",
  access: "viewer",
  input,
  output: z.strictObject({ memories: z.array(rowSchema), ...pageEnd }),
  errors: ["CONNECTOR_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: async ({ services }, query) => {
    const start = memoriesCursor.decode(query.after) ?? beginOf(query);
    const ids = connectorsOf(services, query.connectorId).map(({ id }) => id);
    const found = await Promise.all(ids.map((id) => firstOf(services.state, id, query, start)));
    const rows = found.flat().toSorted((a, b) => comparePlaces(placeOf(a), placeOf(b)));
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      memories: shown.map(rowJson),
      next: last === undefined ? null : memoriesCursor.encode(placeOf(last)),
    };
  },
});

type Query = z.output<typeof input>;

/** Where a memory stands in the list: by age, newest first, then backwards by key, then by connector. */
interface Place {
  age: number;
  contextId: string;
  memoryId: string;
  connectorId: string;
}

function placeOf({ memoryCreatedAt, contextId, memoryId, connectorId }: LedgerRow): Place {
  return { age: memoryCreatedAt ?? ageWithoutTime, contextId, memoryId, connectorId };
}

function comparePlaces(a: Place, b: Place): number {
  return (
    b.age - a.age ||
    compareCodePoints(b.contextId, a.contextId) ||
    compareCodePoints(b.memoryId, a.memoryId) ||
    compareCodePoints(a.connectorId, b.connectorId)
  );
}

/** Before everything that is not later than `until`. */
function beginOf({ since, until }: Query): Place | undefined {
  if (until === undefined && since === undefined) return undefined;
  const age = until === undefined ? ageWithoutTime : until + 1;
  return { age, contextId: "", memoryId: "", connectorId: "" };
}

/** The first rows of a connector behind a place that match, at least one more than a page holds. */
async function firstOf(
  state: StateManager,
  connectorId: string,
  query: Query,
  start: Place | undefined,
): Promise<LedgerRow[]> {
  const { contextId, status, since = Number.NEGATIVE_INFINITY, limit } = query;
  const statuses = status === undefined ? undefined : [status];
  const asked = { connectorId, contextId, statuses, order: "newest" } as const;
  const rows: LedgerRow[] = [];
  let after = start === undefined ? null : cursorIn(connectorId, start);
  do {
    const page = await state.pageRows(asked, { limit: limit + 1, after });
    const young = page.rows.filter((row) => placeOf(row).age >= since);
    rows.push(...young.filter((row) => !isGroup(row)));
    after = young.length < page.rows.length ? null : page.next;
  } while (after !== null && rows.length <= limit);
  return rows;
}

/** Rows under the very key of the place come next in the connectors that stand later. */
function cursorIn(connectorId: string, { age, contextId, memoryId, ...place }: Place): string {
  const isLater = compareCodePoints(connectorId, place.connectorId) > 0;
  return newestCursor.encode({ age, contextId, memoryId: isLater ? `${memoryId}\0` : memoryId });
}
