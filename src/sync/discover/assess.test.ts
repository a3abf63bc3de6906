import { expect, test } from "vitest";
import { runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { FilterChoice } from "../../documents/filter-choice.ts";
import { MemoryTransformer } from "../../documents/memory-transformer.ts";
import { createStrategy } from "../../documents/registry.ts";
import { newRow } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { assess } from "./assess.ts";

/** A row of memory a, which the source shows as it was. */
async function assessing(change: Partial<LedgerRow>, force: boolean) {
  const sync = await quickHarness();
  const run = await runContext(sync);
  const memory = memoryOf("a");
  const row: LedgerRow = {
    ...newRow({ connectorId: "c", contextId: "CTX", memoryId: "a" }, "a@CTX.md", 0),
    contentHash: sync.transformer.write("CTX", memory).contentHash,
    sourceHash: sync.enrichment.sourceHash(memory),
    ...change,
  };
  return assess(run, { contextId: "CTX", memory, row, force }, run.signal);
}

test.each<[Partial<LedgerRow>, boolean, string]>([
  [{ status: "processed" }, false, "unchanged"],
  [{ status: "processed" }, true, "changed"],
  [{ status: "skipped", groupKey: "g" }, false, "unchanged"],
  [{ status: "skipped", groupKey: "g" }, true, "changed"],
  [{ status: "pending" }, true, "unchanged"],
  [{ status: "dead" }, true, "unchanged"],
  [{ status: "deleted" }, false, "changed"],
  [{ status: "deleted" }, true, "changed"],
  [{ status: "skipped", skipReason: "erased", contentHash: null, sourceHash: null }, false, "unchanged"],
  [{ status: "skipped", skipReason: "erased", contentHash: null, sourceHash: null }, true, "unchanged"],
])("a memory that is shown as it was, with a row of %j, forced: %s, is %s", async (row, force, change) => {
  const assessment = await assessing(row, force);
  expect(assessment.change).toBe(change);
  expect(assessment.found === null).toBe(change === "unchanged");
  expect(assessment.sourceHash).not.toBeNull();
});

test("nothing is found out about a memory that the connector does not carry", async () => {
  const sync = await quickHarness();
  const run = await runContext(sync);
  const transformer = new MemoryTransformer(createStrategy("standard"), {
    skipEmptyTranscripts: true,
    filter: new FilterChoice("title = chosen", "UTC"),
  });
  const asked: string[] = [];
  const enricher = {
    enrich: async (_: string, memory: Memory) => {
      asked.push(memory.id);
      return memory;
    },
  };
  const assessed = async (id: string) => {
    const request = {
      contextId: "CTX",
      memory: { ...memoryOf(id), title: id },
      row: undefined,
      force: false,
    };
    return (await assess({ ...run, transformer, enricher }, request, run.signal)).found?.prepared;
  };
  expect(await assessed("other")).toMatchObject({ kind: "skip", reason: "not_chosen" });
  expect(await assessed("chosen")).toMatchObject({ kind: "document" });
  expect(asked).toEqual(["chosen"]);
});
