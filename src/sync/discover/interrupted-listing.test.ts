import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { InMemorySource } from "../../sources/in-memory/in-memory-source.ts";
import type { ListRequest, MemoryPage } from "../../sources/memory-source.ts";

const scope = { connectorId: "c", contextId: "CTX" };
const ids = Array.from({ length: 10 }, (_, n) => `m${n}`);

/** Ten memories on five pages; `breakAfter` is how many pages come before the source fails. */
async function interruptible(queryRange: "all" | "auto" = "all") {
  const sync = await quickHarness({ queryRange });
  const source = new InMemorySource({ pageSize: 2 });
  source.put("CTX", ...ids.map((id) => memoryOf(id)));
  const walks: { resumed: boolean; shown: string[] }[] = [];
  const fault = { breakAfter: Number.POSITIVE_INFINITY, meanwhile: () => {} };
  const list = source.list.bind(source);
  source.list = async function* (request: ListRequest, signal): AsyncGenerator<MemoryPage> {
    const walk = { resumed: request.resume !== undefined, shown: [] as string[] };
    walks.push(walk);
    let pages = 0;
    for await (const page of list(request, signal)) {
      if (pages === fault.breakAfter) throw new ConnectorError("SOURCE_UNREACHABLE", "gone");
      pages += 1;
      walk.shown.push(...page.memories.map(({ id }) => id));
      yield page;
    }
    if (walk.resumed) fault.meanwhile();
  };
  const { run } = sync.with({ source });
  const resume = async () => (await sync.state.getSyncState(scope))?.learnt?.resume;
  return { ...sync, source, run, walks, fault, resume };
}

test("a listing that was interrupted goes on behind what it had shown, and is then read as a whole", async () => {
  const { run, walks, fault, resume, sink } = await interruptible();
  fault.breakAfter = 3;
  expect((await run()).outcome).toBe("failed");
  expect(await resume()).toBeDefined();
  fault.breakAfter = Number.POSITIVE_INFINITY;
  const second = await run();
  expect(second).toMatchObject({ outcome: "success", counts: { fetched: 10, processed: 10 } });
  expect(walks).toEqual([
    { resumed: false, shown: ids.slice(0, 6) },
    { resumed: true, shown: ids.slice(6) },
    { resumed: false, shown: ids },
  ]);
  expect(sink.documents.size).toBe(10);
  expect(await resume()).toBeUndefined();
  await run();
  expect(walks.at(-1)).toEqual({ resumed: false, shown: ids });
  expect(walks).toHaveLength(4);
});

test("runs that never come to the end of the list have taken up all of it in the end", async () => {
  const { run, walks, fault, row } = await interruptible();
  fault.breakAfter = 2;
  for (let n = 0; n < 3; n += 1) await run();
  expect(new Set(walks.flatMap(({ shown }) => shown))).toEqual(new Set(ids));
  expect((await row("m9")).status).toBe("pending");
});

test("what has changed before the place, and what went, is seen all the same", async () => {
  const { run, fault, source, sink } = await interruptible();
  fault.breakAfter = 3;
  await run();
  fault.breakAfter = Number.POSITIVE_INFINITY;
  source.put("CTX", memoryOf("m0", { transcript: "something else" }));
  source.delete("CTX", "m1");
  await run();
  const texts = Array.from(sink.documents.values(), ({ text }) => text);
  expect(texts.filter((text) => text.includes("something else"))).toHaveLength(1);
});

test("what changes before the list is read for the second time is delivered by the next run", async () => {
  const { run, fault, source, sink, walks } = await interruptible("auto");
  fault.breakAfter = 3;
  await run();
  fault.breakAfter = Number.POSITIVE_INFINITY;
  fault.meanwhile = () => source.put("CTX", memoryOf("m9", { transcript: "something else" }));
  await run();
  await run();
  expect(walks.map(({ resumed }) => resumed)).toEqual([false, true, false, false]);
  const texts = Array.from(sink.documents.values(), ({ text }) => text);
  expect(texts.filter((text) => text.includes("something else"))).toHaveLength(1);
});

test("a run with a filter neither goes on nor leaves a place", async () => {
  const { run, walks, fault, resume } = await interruptible();
  fault.breakAfter = 2;
  await run({ filter: { ids: new Set(["m9"]) } });
  expect(await resume()).toBeUndefined();
  await run();
  const kept = await resume();
  fault.breakAfter = Number.POSITIVE_INFINITY;
  await run({ filter: { ids: new Set(["m9"]) } });
  expect(walks.map(({ resumed }) => resumed)).toEqual([false, false, false]);
  expect(await resume()).toBe(kept);
});

test("a place that the source does not know any more leaves out nothing", async () => {
  const { run, fault, walks, state } = await interruptible();
  fault.breakAfter = 3;
  await run();
  const known = await state.getSyncState(scope);
  await state.saveSyncState({ ...known!, learnt: { ...known!.learnt!, resume: "of another process:4" } });
  fault.breakAfter = Number.POSITIVE_INFINITY;
  expect((await run()).counts).toMatchObject({ processed: 10, fetched: 10 });
  expect(walks[1]).toEqual({ resumed: true, shown: ids });
});
