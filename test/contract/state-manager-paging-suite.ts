import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerRow, ledgerStatuses } from "../../src/domain/ledger-row.ts";
import type { RowQuery } from "../../src/state/state-manager.ts";
import { allRows, pendingRow, scope } from "./state-manager-samples.ts";
import { makeStore, type StoreName } from "./state-manager-store.ts";

const connectorId = scope.connectorId;

/** UTF-8 bytes in hexadecimal order as code points do. */
const bytes = (text: string) => Buffer.from(text).toString("hex");
const age = (row: LedgerRow) => row.memoryCreatedAt ?? Number.POSITIVE_INFINITY;

function inOrder(order: RowQuery["order"]) {
  return (a: LedgerRow, b: LedgerRow): number => {
    if (order === "oldest" && age(a) !== age(b)) return age(a) < age(b) ? -1 : 1;
    if (order === "newest") return inOrder("oldest")(b, a);
    const [left, right] = [a, b].map((row) => [bytes(row.contextId), bytes(row.memoryId)]);
    return left! < right! ? -1 : 1;
  };
}

/** The answer that a query must have, worked out the slow way. */
function expected(rows: readonly LedgerRow[], query: RowQuery): string[] {
  return rows
    .filter((row) => row.connectorId === query.connectorId)
    .filter((row) => query.contextId === undefined || row.contextId === query.contextId)
    .filter((row) => query.statuses === undefined || query.statuses.includes(row.status))
    .filter((row) => query.dueBefore === undefined || (row.nextAttemptAt ?? 0) <= query.dueBefore)
    .sort(inOrder(query.order))
    .map((row) => JSON.stringify([row.contextId, row.memoryId]));
}

const id = fc.constantFrom("a", "b", "aa", "Z", "é", "\uffee", "😀", "", "10", "9");
const anyRow = fc
  .record({
    connectorId: fc.constantFrom(connectorId, "other"),
    contextId: id,
    memoryId: id,
    status: fc.constantFrom(...ledgerStatuses),
    memoryCreatedAt: fc.option(fc.integer({ min: 0, max: 4 })),
    nextAttemptAt: fc.option(fc.integer({ min: 0, max: 9 })),
  })
  .map((parts): LedgerRow => ({ ...pendingRow({ memoryId: parts.memoryId }), ...parts }));
const someRows = fc.uniqueArray(anyRow, {
  maxLength: 60,
  selector: (row) => JSON.stringify([row.connectorId, row.contextId, row.memoryId]),
});
const anyQuery: fc.Arbitrary<RowQuery> = fc.record({
  connectorId: fc.constant(connectorId),
  contextId: fc.option(id, { nil: undefined }),
  statuses: fc.option(fc.subarray([...ledgerStatuses]), { nil: undefined }),
  dueBefore: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  order: fc.constantFrom("key", "oldest", "newest", undefined),
});

export function stateManagerPagingSuite(backend: StoreName): void {
  describe(`${backend}: pages`, () => {
    test("any query in pages of any size shows exactly the rows that match, in order", async () => {
      const state = await makeStore(backend).open();
      await fc.assert(
        fc.asyncProperty(
          someRows,
          fc.array(fc.tuple(anyQuery, fc.integer({ min: 1, max: 20 })), { minLength: 5, maxLength: 5 }),
          async (rows, queries) => {
            await state.resetConnector(connectorId);
            await state.resetConnector("other");
            await state.saveRows(rows);
            for (const [query, limit] of queries) {
              const shown = await allRows(state, query, limit);
              const keys = shown.map((row) => JSON.stringify([row.contextId, row.memoryId]));
              expect(keys).toEqual(expected(rows, query));
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    test("a row that stays is shown exactly once while others come, go and change", async () => {
      const state = await makeStore(backend).open();
      const stays = Array.from({ length: 50 }, (_, at) => pendingRow({ memoryId: `m${at}` }));
      const goes = Array.from({ length: 50 }, (_, at) => pendingRow({ memoryId: `m${at}x` }));
      await state.saveRows([...stays, ...goes]);
      const seen: string[] = [];
      let round = 0;
      for (let after: string | null = null; ; round++) {
        const page = await state.pageRows({ connectorId, statuses: ["pending"] }, { limit: 7, after });
        seen.push(...page.rows.map((row) => row.memoryId));
        after = page.next;
        if (after === null) break;
        const touched = [...(await state.getRows(scope, [`m${round}`, `m${49 - round}`])).values()];
        await state.saveRows(touched.map((row) => ({ ...row, attempts: row.attempts + 1, changedAt: 9 })));
        const [first, second] = [`m${round}x`, `m${30 + round}x`];
        const moved = (await state.getRows(scope, [first])).get(first);
        if (moved !== undefined) await state.saveRows([{ ...moved, status: "processed" }]);
        await state.removeRows([{ ...scope, memoryId: second }]);
        await state.saveRows([
          pendingRow({ memoryId: `new${round}` }),
          pendingRow({ memoryId: `a${round}` }),
        ]);
      }
      const kept = seen.filter((memoryId) => /^m\d+$/.test(memoryId));
      expect(kept.sort()).toEqual(stays.map((row) => row.memoryId).sort());
      expect(round).toBeGreaterThan(5);
    });

    test("a cursor that another list handed out, or nobody, is refused", async () => {
      const state = await makeStore(backend).open();
      await state.saveRows(["a", "b", "c"].map((memoryId) => pendingRow({ memoryId })));
      const { next } = await state.pageRows({ connectorId }, { limit: 1 });
      const refused = expect.objectContaining({ code: "STATE_CURSOR_INVALID" });
      for (const after of [next!, "garbage", "", "bnVsbA", "W10"]) {
        await expect(state.pageRows({ connectorId, order: "oldest" }, { limit: 1, after })).rejects.toEqual(
          refused,
        );
        await expect(state.listRuns({ limit: 1, after })).rejects.toEqual(refused);
      }
    });
  });
}
