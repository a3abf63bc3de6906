import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { beginningOf } from "../../domain/facets.ts";
import { newRow } from "../../domain/ledger.ts";
import type { Memory } from "../../domain/memory.ts";
import { migrate } from "../../state/sqlite/migrations.ts";
import { SqliteLedgerTable } from "../../state/sqlite/sqlite-ledger-table.ts";
import { SqliteMemoryIndex } from "../../state/sqlite/sqlite-memory-index.ts";
import { memoryFilterFields, memoryQuery } from "./memory-filter.ts";

const fields = z.object(memoryFilterFields);
const memory = { transcript: "", title: null, tags: [], location: null } as unknown as Memory;

test("a memory is found by each of its words, whatever characters they are made of, and no word is read as syntax", () => {
  const database = new DatabaseSync(":memory:");
  onTestFinished(() => database.close());
  migrate(database, ":memory:");
  const ledger = new SqliteLedgerTable(database);
  const memories = new SqliteMemoryIndex(database);
  let row = ledger.save(newRow({ connectorId: "c", contextId: "x", memoryId: "m" }, "f", 0));
  const anyWord = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
    fc.constantFrom(
      '"',
      '"""',
      "kayak*",
      "NEAR(a b)",
      "kayak OR",
      "folded:kayak",
      "^kay",
      "\0kayak",
      "ΟΔΟΣ",
      "-- x",
    ),
  );
  const anyWords = fc.array(anyWord, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(anyWords, fc.nat(), (words, at) => {
      const text = beginningOf({ ...memory, transcript: words.join(" ") });
      row = ledger.save({ ...row, text });
      const asked = fields.safeParse({ text: words[at % words.length] });
      if (!asked.success) return;
      const query = { connectorId: "c", ...memoryQuery(asked.data) };
      expect(memories.search(query, { limit: 5 }).rows).toHaveLength(1);
    }),
    { numRuns: 500 },
  );
});
