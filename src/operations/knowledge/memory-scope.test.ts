import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pendingRow } from "../../../test/contract/state-manager-samples.ts";
import { makeStore } from "../../../test/contract/state-manager-store.ts";
import { fileSourceOf, groupFileSourceOf } from "../../documents/file-source.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { MemoryScope } from "./memory-scope.ts";

const { signal } = new AbortController();
const contextId = "ctx/1";

/** A memory of June or July that may share its document with others of its group. */
function rowOf(connectorId: string, memoryId: string, isJune: boolean, groupKey: string | null): LedgerRow {
  const row = pendingRow({ connectorId, contextId, memoryId });
  const memoryCreatedAt = Date.UTC(2025, isJune ? 5 : 6, 10);
  return { ...row, memoryCreatedAt, groupKey, fileSource: fileSourceOf(contextId, memoryId) };
}

const june = { since: Date.UTC(2025, 5, 1), until: Date.UTC(2025, 5, 30) };
const ids = ["a", "b c", "é", "d/e", "😀"];
const anyMemory = fc.record({
  connectorId: fc.constantFrom("one", "two"),
  memoryId: fc.constantFrom(...ids),
  groupKey: fc.constantFrom(null, "day~1", "day~2"),
});
const someMemories = fc.uniqueArray(anyMemory, {
  maxLength: 8,
  selector: ({ connectorId, memoryId }) => `${connectorId} ${memoryId}`,
});

describe.each(["sqlite", "json"] as const)("%s", (backend) => {
  test("all documents of a filter are those that it finds among all documents, each as far as it passes", async () => {
    const state = await makeStore(backend).open();
    const scope = new MemoryScope(state, [
      { connectorId: "one", ...june },
      { connectorId: "two", ...june },
    ]);
    await fc.assert(
      fc.asyncProperty(someMemories, fc.subarray(ids), async (memories, ofJune) => {
        for (const id of ["one", "two"]) await state.resetConnector(id);
        await state.saveRows(
          memories.map((each) =>
            rowOf(each.connectorId, each.memoryId, ofJune.includes(each.memoryId), each.groupKey),
          ),
        );
        const documentOf = ({ groupKey, memoryId }: (typeof memories)[number]) =>
          groupKey === null ? fileSourceOf(contextId, memoryId) : groupFileSourceOf(contextId, groupKey);
        const names = new Set(memories.map(documentOf));
        const all = await scope.all(signal);
        expect(all).toEqual(await scope.among([...names, "foreign.md", "no name"], signal));
        const passing = memories.filter(({ memoryId }) => ofJune.includes(memoryId));
        expect(new Set(all.keys())).toEqual(new Set(passing.map(documentOf)));
        expect(await scope.isEmpty(signal)).toBe(passing.length === 0);
      }),
      { numRuns: 60 },
    );
  });

  test("of a shared document the notes that pass are told, and that all do", async () => {
    const state = await makeStore(backend).open();
    const shared = groupFileSourceOf(contextId, "day~1");
    const scope = new MemoryScope(state, [{ connectorId: "one", ...june }]);
    await state.saveRows([rowOf("one", "a", true, "day~1"), rowOf("one", "b", false, "day~1")]);
    expect((await scope.all(signal)).get(shared)).toEqual(new Set(["a"]));
    await state.saveRows([{ ...rowOf("one", "b", true, "day~1"), version: 1 }]);
    expect((await scope.among([shared], signal)).get(shared)).toBe("whole");
  });
});
