import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { newRow } from "../../domain/ledger.ts";
import { type LedgerRow, type LedgerStatus, ledgerStatuses } from "../../domain/ledger-row.ts";
import { type TimeSpan, timeUnitMs } from "../memory-query.ts";
import { noRows } from "../row-rules.ts";
import { migrate } from "./migrations.ts";
import { SqliteLedgerTable } from "./sqlite-ledger-table.ts";
import { SqliteMemoryIndex } from "./sqlite-memory-index.ts";

const dayMs = 86_400_000;
const unitsOfDay = dayMs / timeUnitMs;

/** More than are counted one by one, over five days; some without a time, some documents of groups. */
function rowsOf(count: number): LedgerRow[] {
  const some: readonly LedgerStatus[] = ["processed", "processed", "processed", "dead", "skipped", "failed"];
  return Array.from({ length: count }, (_, at) => ({
    ...newRow({ connectorId: "c", contextId: at % 5 === 0 ? "y" : "x", memoryId: `m${at}` }, `f${at}`, 0),
    status: some[at % some.length] as LedgerStatus,
    memoryCreatedAt: at % 97 === 0 ? null : ((at * 7_919) % (5 * unitsOfDay)) * timeUnitMs + (at % 11),
    ...(at % 41 === 0 && { groupKey: `m${at}` }),
  }));
}

test("a span has as many memories of each status as lie in it, whatever the days of UTC are", () => {
  const database = new DatabaseSync(":memory:");
  onTestFinished(() => database.close());
  migrate(database, ":memory:");
  const ledger = new SqliteLedgerTable(database);
  const rows = rowsOf(4_000);
  database.exec("BEGIN");
  for (const row of rows) ledger.save(row);
  database.exec("COMMIT");
  const memories = new SqliteMemoryIndex(database);
  const countedByHand = ({ from, to }: TimeSpan, statuses: readonly LedgerStatus[], contextId?: string) => {
    const counts = noRows();
    for (const { memoryCreatedAt: at, status, memoryId, groupKey, contextId: context } of rows)
      if (at !== null && at >= from && at < to && memoryId !== groupKey && statuses.includes(status))
        if (contextId === undefined || context === contextId) counts[status] += 1;
    return counts;
  };
  const moment = fc.oneof(
    fc.integer({ min: -unitsOfDay, max: 6 * unitsOfDay }).map((unit) => unit * timeUnitMs),
    fc.constantFrom(0, dayMs, 2 * dayMs, Number.MAX_SAFE_INTEGER),
  );
  const statuses = fc.constantFrom(ledgerStatuses, ["processed"] as const, ["processed", "dead"] as const);
  fc.assert(
    fc.property(
      moment,
      moment,
      statuses,
      fc.constantFrom(undefined, "x", "y"),
      (one, other, asked, contextId) => {
        const span = { from: Math.min(one, other), to: Math.max(one, other) };
        const counted = memories.countInSpan({ connectorId: "c", contextId, statuses: asked }, span);
        expect([span, counted]).toEqual([span, countedByHand(span, asked, contextId)]);
      },
    ),
    { numRuns: 400 },
  );
});

test("of a dense day in a zone near UTC the memories that lie between the midnights alone are counted one by one", () => {
  const looked: string[] = [];
  const database = new DatabaseSync(":memory:");
  onTestFinished(() => database.close());
  migrate(database, ":memory:");
  const ledger = new SqliteLedgerTable(database);
  for (const row of rowsOf(4_000)) ledger.save(row);
  const prepare = database.prepare.bind(database);
  database.prepare = (sql: string) => {
    const statement = prepare(sql);
    const all = statement.all.bind(statement);
    statement.all = ((parameters: { from: number; to: number }) => {
      if (sql.includes("'processed'")) looked.push(`${(parameters.to - parameters.from) / 3_600_000} h`);
      return all(parameters as never);
    }) as typeof statement.all;
    return statement;
  };
  const hourMs = 3_600_000;
  new SqliteMemoryIndex(database).countInSpan(
    { connectorId: "c" },
    { from: dayMs - hourMs, to: 2 * dayMs - hourMs },
  );
  expect(looked).toEqual(["1 h", "1 h"]);
});
