import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { InMemorySource } from "../sources/in-memory/in-memory-source.ts";
import type { ListRequest } from "../sources/memory-source.ts";
import type { DeletionSettings } from "./sync-settings.ts";

const deletions = {
  policy: "propagate",
  graceListings: 3,
  gracePeriodMs: 0,
  maxPercent: 10,
  alwaysAllowed: 1,
} as const;
const scope = { connectorId: "c", contextId: "CTX" };

/** Ten delivered memories of a source that tells of changes. */
async function delivered(change: Partial<DeletionSettings> = {}) {
  const sync = await quickHarness({ deletions: { ...deletions, ...change } });
  const source = new InMemorySource();
  const asked: string[] = [];
  const list = source.list.bind(source);
  source.list = (request: ListRequest, signal) => {
    asked.push(request.scope.kind);
    return list(request, signal);
  };
  const createdAt = new Date(sync.clock.now() - 90 * 86_400_000).toISOString();
  for (let n = 0; n < 10; n += 1) source.put("CTX", memoryOf(`m${n}`, { createdAt }));
  const { run } = sync.with({ source });
  await run();
  const held = () =>
    Array.from(sync.sink.documents.values(), ({ fileSource }) => fileSource.split("@")[0]).toSorted();
  return { ...sync, source, asked, run, held, createdAt };
}

test("after the first run only what has changed is asked for, whatever its time", async () => {
  const { asked, run, source, held, createdAt } = await delivered();
  source.put("CTX", memoryOf("late", { createdAt }));
  expect((await run()).counts).toMatchObject({ fetched: 1, new: 1 });
  expect((await run()).counts).toMatchObject({ fetched: 0 });
  expect(asked).toEqual(["everything", "changes", "changes"]);
  expect(held()).toContain("late");
});

test("what the source names as deleted goes at once, without the grace of what is only missing", async () => {
  const { run, source, held, row } = await delivered();
  source.delete("CTX", "m3");
  await run();
  expect(held()).not.toContain("m3");
  expect(held()).toHaveLength(9);
  expect((await row("m3")).status).toBe("deleted");
});

test("many named as deleted at once meet the same brake as many that are missing, until a person says so", async () => {
  const { run, source, held } = await delivered();
  source.delete("CTX", "m1", "m2", "m3");
  const held1 = await run();
  expect(held1.errors.map(({ code }) => code)).toEqual(["DELETIONS_SUSPECT"]);
  expect(held()).toHaveLength(10);
  await run({ acceptDeletions: true });
  expect(held()).toHaveLength(7);
});

test("where nothing follows from deletions, nothing follows from one that is named", async () => {
  const { run, source, held } = await delivered({ policy: "ignore" });
  source.delete("CTX", "m3");
  await run();
  expect(held()).toHaveLength(10);
});

test("a memory that was named as deleted and has come back stays", async () => {
  const { run, source, held, createdAt } = await delivered();
  source.delete("CTX", "m3");
  source.put("CTX", memoryOf("m3", { createdAt, transcript: "again" }));
  await run();
  expect(held()).toHaveLength(10);
});

test("what cannot be read yet is neither missing nor forgotten: it is looked for until it can", async () => {
  const { run, source, held, asked, createdAt, state } = await delivered({ graceListings: 1 });
  source.announce("CTX", { id: "m3", at: Date.parse(createdAt) });
  source.announce("CTX", { id: "soon", at: null });
  await run();
  expect(held()).toHaveLength(10);
  expect((await state.getSyncState(scope))?.watermark).toBe(0);
  source.put("CTX", memoryOf("soon", { createdAt }), memoryOf("m3", { createdAt }));
  await run();
  expect(held()).toHaveLength(11);
  await run();
  expect(asked).toEqual(["everything", "changes", "everything", "changes"]);
});

test("the list of another account is not believed", async () => {
  const { with: withParts, held } = await delivered();
  const other = new InMemorySource({ account: "somebody" });
  other.put("CTX", memoryOf("theirs"));
  const record = await withParts({ source: other }).run();
  expect(record.errors.map(({ code }) => code)).toEqual(["SOURCE_ACCOUNT_CHANGED"]);
  expect(held()).toHaveLength(10);
});

test("a source that cannot narrow its lists is asked for everything, and a fixed range still leaves the rest out", async () => {
  const { source, run, clock } = await quickHarness({ queryRange: "week" });
  const since = { by: "none", isReliable: true, granularityMs: 0 } as const;
  Object.assign(source, { capabilities: { ...source.capabilities, since } });
  const at = (daysAgo: number) => new Date(clock.now() - daysAgo * 86_400_000).toISOString();
  source.memories = [memoryOf("old", { createdAt: at(8) }), memoryOf("young", { createdAt: at(6) })];
  expect((await run()).counts).toMatchObject({ new: 1 });
  expect(source.ranges).toEqual(["all"]);
});
