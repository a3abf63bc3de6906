import { requireNotErased } from "./erasures-over-tables.ts";
import { copyOfRow, keptText, requireWellFormed, textsAreTruncated } from "./row-rules.ts";
import type { LedgerStore } from "./state-manager.ts";
import type { StateTables, TableAccess } from "./state-tables.ts";

/** The ledger of the embedded backends, with the records of erased memories, which must not come back. */
export function embeddedLedger(
  { table: tables, read, change }: TableAccess<Pick<StateTables, "ledger" | "records" | "values">>,
  now: () => number,
): LedgerStore {
  const { ledger: table, records: erasures, values } = tables;
  let keptCharacters = 0;
  return {
    getRows: (scope, memoryIds) =>
      read(() => {
        const rows = memoryIds.map((id) => table.get(scope, id)).filter((row) => row !== undefined);
        return new Map(rows.map((row) => [row.memoryId, row]));
      }),
    getGroup: (scope, groupKey) => read(() => table.group(scope, groupKey)),
    getUnprocessedIds: (scope, memoryIds) =>
      read(() => [...new Set(memoryIds)].filter((id) => !table.isFinished(scope, id))),
    saveRows: async (rows) => {
      for (const row of rows) requireWellFormed(row.connectorId, row.contextId, row.memoryId);
      const copies = rows.map((row) => ({ ...copyOfRow(row), text: keptText(row.text, keptCharacters) }));
      return change(() => {
        requireNotErased(erasures, copies);
        return copies.map((row) => table.save(row));
      });
    },
    pageRows: (query, page) => read(() => table.page(query, page)),
    removeRows: async (keys) => {
      const copies = structuredClone(keys);
      await change(() => copies.forEach((key) => void table.remove(key)));
    },
    keepTexts: async (characters) => {
      keptCharacters = characters;
      while (await read(() => table.hasLongerTexts(characters)))
        await change(() => {
          values.put(textsAreTruncated, true, now());
          table.cutTexts(characters);
        });
      return read(() => values.get(textsAreTruncated) !== undefined);
    },
    countRows: (connectorId) => read(() => table.counts(connectorId)),
    oldestUnfinished: (scope, after) => read(() => table.oldestUnfinished(scope, after)),
    waiting: (scope, after) => read(() => table.waiting(scope, after)),
    earliestAttempt: (connectorId, statuses) => read(() => table.earliestAttempt(connectorId, statuses)),
  };
}
