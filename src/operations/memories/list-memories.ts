import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { memoriesCursor, newestCursor } from "../../state/cursor.ts";
import type { MemoryQuery } from "../../state/memory-query.ts";
import { ageWithoutTime } from "../../state/row-rules.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { whyNothingIsKnown } from "../connectors/why-nothing-is-known.ts";
import { connectorIdField, pageEnd, pageQuery } from "../fields.ts";
import { operation } from "../operation.ts";
import { connectorsOf } from "../over-connectors.ts";
import { filtersThatLeaveNothing } from "./filters-that-leave-nothing.ts";
import { ledgerEntries, ledgerEntrySchema } from "./ledger-entry.ts";
import { memoryFilterCompanions, memoryFilterFields, memoryQueries } from "./memory-filter.ts";
import { findNear, nearJson, nearSchema } from "./near.ts";
import { whyNothingWasFound } from "./why-nothing-was-found.ts";

const input = z.strictObject({
  connectorId: connectorIdField.optional().describe("only of this connector"),
  ...memoryFilterFields,
  ...pageQuery,
});

type Query = z.output<typeof input>;

export const listMemories = operation({
  name: "memory.list",
  tag: "Knowledge",
  summary: "List memories by their time, newest first, over one or all connectors",
  details:
    "All that the ledger knows of them. A date as `since` or `until` is a whole day. Those without a time come first, and not at all when a time is asked for. What is asked for is compared " +
    "without regard to case and accents. Of memories that were delivered by a version before this one the ledger has tags, people and places " +
    "from their next change on.",
  access: "viewer",
  input,
  companions: memoryFilterCompanions,
  output: z.strictObject({
    memories: z.array(ledgerEntrySchema),
    note: z
      .string()
      .nullable()
      .describe(
        "of a search that found nothing: that nothing is known of the connectors, and why; or which of the filters leave nothing, and which settings keep it from finding more; otherwise null",
      ),
    near: nearSchema,
    ...pageEnd,
  }),
  errors: ["CONNECTOR_UNKNOWN", "PLACE_UNKNOWN", "STATE_CURSOR_INVALID"],
  run: async ({ services, signal }, query) => {
    const start = memoriesCursor.decode(query.after);
    const connectors = connectorsOf(services, query.connectorId);
    const near = await findNear(query);
    const first = (asked: MemoryQuery) =>
      firstOf(services.state, asked, { start, limit: query.limit, signal });
    const found = await Promise.all(memoryQueries(connectors, query, near).map(first));
    const rows = found.flat().toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)));
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      memories: ledgerEntries(services, shown, query.timezone),
      note:
        shown.length === 0 ? await noteOn(services.state, { connectors, filter: query, near }, signal) : null,
      near: nearJson(near),
      next: last === undefined ? null : memoriesCursor.encode(positionOf(last)),
    };
  },
});

/** Null where there is nothing to say, as after the last page. */
async function noteOn(
  state: StateManager,
  search: Parameters<typeof filtersThatLeaveNothing>[1] & {
    filter: Query;
    connectors: readonly ConnectorConfig[];
  },
  signal: AbortSignal,
): Promise<string | null> {
  const { filter, connectors } = search;
  if (filter.after !== undefined) return null;
  const why =
    (await whyNothingIsKnown(state, connectors)) ?? (await filtersThatLeaveNothing(state, search, signal));
  const notes = [why, whyNothingWasFound(filter, connectors)].filter((note) => note !== null);
  return notes.length === 0 ? null : notes.join(" ");
}

/** A position in the list, which is ordered by age, newest first, then by key, descending, then by connector. */
interface Position {
  age: number;
  contextId: string;
  memoryId: string;
  connectorId: string;
}

function positionOf({ memoryCreatedAt, contextId, memoryId, connectorId }: LedgerRow): Position {
  return { age: memoryCreatedAt ?? ageWithoutTime, contextId, memoryId, connectorId };
}

function comparePositions(a: Position, b: Position): number {
  return (
    b.age - a.age ||
    compareCodePoints(b.contextId, a.contextId) ||
    compareCodePoints(b.memoryId, a.memoryId) ||
    compareCodePoints(a.connectorId, b.connectorId)
  );
}

/** The first matching memories of a connector after a position, at least one more than a page holds. */
async function firstOf(
  state: StateManager,
  query: MemoryQuery,
  { start, limit, signal }: { start: Position | undefined; limit: number; signal: AbortSignal },
): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  let after = start === undefined ? null : cursorIn(query.connectorId, start);
  do {
    // A search with few matches scans many rows, and the reads are synchronous: yield to the event loop.
    await setImmediate();
    signal.throwIfAborted();
    const page = await state.searchMemories(query, { limit: limit + 1 - rows.length, after });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null && rows.length <= limit);
  return rows;
}

/** Rows with exactly this key come next in later connectors. */
function cursorIn(connectorId: string, { age, contextId, memoryId, ...place }: Position): string {
  const isLater = compareCodePoints(connectorId, place.connectorId) > 0;
  return newestCursor.encode({ age, contextId, memoryId: isLater ? `${memoryId}\0` : memoryId });
}
