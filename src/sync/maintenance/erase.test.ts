import { expect, test } from "vitest";
import { type DriftWorld, quickDriftWorld } from "../../../test/support/drift-world.ts";
import { eraseMemory } from "../../../test/support/erase-memory.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { allowAgain } from "./erase.ts";

const signal = new AbortController().signal;
const scope = { connectorId: "c", contextId: "CTX" };

const names = async (world: Pick<DriftWorld, "documents">) =>
  [...(await world.documents()).keys()].toSorted();

test("an erased memory comes back when its erasure is taken back, and not otherwise", async () => {
  const world = await quickDriftWorld(3);
  await world.run();
  await eraseMemory(world.parts, scope, "m1", signal);
  const byName = { filter: { ids: new Set(["m1"]) } };
  await world.run(byName);
  await world.run({ ...byName, force: true });
  await world.state.resetConnector("c");
  await world.run();
  await world.run({ ...byName, force: true });
  await world.reconcile({ repair: true });
  expect(await names(world)).toEqual(["m0@CTX.md", "m2@CTX.md"]);
  expect(await allowAgain(world.state, { ...scope, memoryId: "m1" })).toBe(true);
  await world.run();
  await world.expectWhole();
  expect(await allowAgain(world.state, { ...scope, memoryId: "m1" })).toBe(false);
});

test("after a reset a group is written without the note that was erased, and a broken item stays away", async () => {
  const world = await quickDriftWorld(3, { merge: { maxCharacters: 100 } });
  const broken = { id: "bad", problems: ["no time"], excerpt: "{}", fingerprint: "f".repeat(64) };
  world.source.malformed = [broken];
  await world.run();
  for (const memoryId of ["m1", "bad"]) await eraseMemory(world.parts, scope, memoryId, signal);
  await world.run();
  const [without] = (await world.documents()).values();
  await world.state.resetConnector("c");
  expect(await world.run()).toMatchObject({ outcome: "success" });
  const [again] = (await world.documents()).values();
  expect(again?.contentLength).toBe(without?.contentLength);
  expect(await world.row("bad")).toBeUndefined();
});

test("a memory that nobody knows yet can be kept away, and so can one that is a dead letter", async () => {
  const world = await quickDriftWorld(1);
  const erasure = await eraseMemory(world.parts, scope, "m0", signal);
  expect(erasure).toMatchObject({ wasKnown: false, removed: [] });
  expect(world.sink.calls).toEqual([]);
  await world.run();
  expect(await names(world)).toEqual([]);
  const broken = { id: "bad", problems: ["no time"], excerpt: "{}", fingerprint: "f".repeat(64) };
  world.source.malformed = [broken];
  await world.run();
  expect((await world.row("bad"))?.status).toBe("dead");
  await eraseMemory(world.parts, scope, "bad", signal);
  await world.run();
  expect(await world.row("bad")).toMatchObject({ status: "skipped", error: null });
});

test("documents of another name are left alone, even when the ledger took one for the memory's", async () => {
  const world = await quickDriftWorld(2);
  await world.run();
  await world.sabotage.put("readme.md", "Somebody else's.");
  const foreign = (await world.documents()).get("readme.md")?.documentId ?? "";
  const row = await world.row("m0");
  if (row === undefined) throw new Error("no row");
  await world.state.saveRows([{ ...row, documentId: foreign }]);
  await eraseMemory(world.parts, scope, "m0", signal);
  expect(await names(world)).toEqual(["m1@CTX.md", "readme.md"]);
});

test("what LightRAG does not let go of is no success, and the next run goes on with it", async () => {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a"), memoryOf("b")];
  await sync.run();
  const remove = sync.sink.remove.bind(sync.sink);
  sync.sink.remove = async () => [];
  await expect(eraseMemory(sync, scope, "a", signal)).rejects.toThrow(
    expect.objectContaining({
      code: "ERASE_UNPROVED",
      message: 'LightRAG still lists documents of memory "a": doc-a@CTX.md',
      subject: "a",
    }),
  );
  sync.sink.remove = remove;
  sync.sink.removeFaults = [new ConnectorError("SINK_BUSY", "at work")];
  await expect(eraseMemory(sync, scope, "a", signal)).rejects.toThrow(
    expect.objectContaining({ code: "SINK_BUSY" }),
  );
  expect(await sync.row("a")).toMatchObject({ status: "deleting", payload: null });
  await sync.run();
  expect(await sync.row("a")).toMatchObject({ status: "skipped", skipReason: "erased" });
  expect([...sync.sink.texts().keys()]).toEqual(["b@CTX.md"]);
});

test("a note that shares its document is taken out of it, and the others stay", async () => {
  const world = await quickDriftWorld(3, { merge: { maxCharacters: 100 } });
  await world.run();
  const [shared] = (await world.documents()).values();
  const erasure = await eraseMemory(world.parts, scope, "m1", signal);
  expect(erasure).toMatchObject({ removed: [shared?.documentId], remaining: 0 });
  expect(await names(world)).toEqual([shared?.fileSource]);
  const [left] = (await world.documents()).values();
  expect(left?.contentLength).toBeLessThan(shared?.contentLength ?? 0);
  expect(await world.row("m1")).toMatchObject({ skipReason: "erased", groupKey: null, payload: null });
  expect(await world.run()).toMatchObject({ outcome: "success", counts: { processed: 1 } });
  const [rewritten] = (await world.documents()).values();
  expect(rewritten?.fileSource).toBe(shared?.fileSource);
  expect(rewritten?.contentLength).toBeLessThan(shared?.contentLength ?? 0);
});

test("what is erased is done with at once, and not by the next run", async () => {
  const world = await quickDriftWorld(2);
  await world.run();
  expect(await eraseMemory(world.parts, scope, "m0", signal)).toEqual({
    ...scope,
    memoryId: "m0",
    fileSource: "m0@CTX.md",
    wasKnown: true,
    removed: ["doc-m0@CTX.md"],
    remaining: 0,
    answersForgotten: 0,
    notices: [],
    setAside: [],
  });
  expect(await world.row("m0")).toMatchObject({ status: "skipped", skipReason: "erased", documentId: null });
});

test("an erasure that is taken back leaves no row, and a memory that was never erased stays as it is", async () => {
  const world = await quickDriftWorld(2);
  await world.run();
  const m1 = await world.row("m1");
  expect(await allowAgain(world.state, { ...scope, memoryId: "m1" })).toBe(false);
  expect(await world.row("m1")).toEqual(m1);
  await eraseMemory(world.parts, scope, "m0", signal);
  expect(await allowAgain(world.state, { ...scope, memoryId: "m0" })).toBe(true);
  expect(await world.row("m0")).toBeUndefined();
});

test("texts of what is left that a model refused to make anew are told", async () => {
  const world = await quickDriftWorld(2);
  await world.run();
  const message = 'the description of entity "Alice" was put together without the model';
  const remove = world.sink.remove.bind(world.sink);
  world.sink.remove = async (ids) => [
    ...(await remove(ids)),
    new ConnectorError("MODEL_REQUEST_REFUSED", message),
  ];
  expect(await eraseMemory(world.parts, scope, "m0", signal)).toMatchObject({ notices: [message] });
});

test.each(["SINK_BUSY", "SINK_OUTCOME_UNKNOWN"] as const)(
  "a shared document that LightRAG does not take now (%s) is sent by the next run, and the erasure stands",
  async (code) => {
    const world = await quickDriftWorld(3, { merge: { maxCharacters: 100 } });
    await world.run();
    const { sink } = world.parts;
    const refusing = Object.create(sink, {
      submit: { value: () => Promise.reject(new ConnectorError(code, "not now")) },
    });
    expect(await eraseMemory({ ...world.parts, sink: refusing }, scope, "m1", signal)).toMatchObject({
      remaining: 0,
    });
    expect(await names(world)).toEqual([]);
    expect(await world.run()).toMatchObject({ outcome: "success", counts: { processed: 1 } });
    expect(await names(world)).toHaveLength(1);
  },
);
