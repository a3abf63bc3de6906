import { expect, test } from "vitest";
import { ConfigManager } from "../../src/config/config-manager.ts";
import { App } from "../../src/runtime/app.ts";
import { ordinaryRun } from "../../src/sync/run-options.ts";
import { directHarness } from "../support/direct-harness.ts";
import { type DriftWorld, driftWorld } from "../support/drift-world.ts";
import { eraseMemory } from "../support/erase-memory.ts";
import { simulatorHarness } from "../support/lightrag-simulator-harness.ts";
import { makeWorld } from "../support/service.ts";

const signal = new AbortController().signal;
const scope = { connectorId: "c", contextId: "CTX" };

const names = async (world: DriftWorld) => [...(await world.documents()).keys()].toSorted();

for (const harness of [simulatorHarness("1.5"), simulatorHarness("1.4"), directHarness()]) {
  for (const backend of ["sqlite", "json"] as const) {
    test(`an erased memory is gone from ${harness.name} and, but for its ids, from ${backend}, and stays away`, async () => {
      const world = await driftWorld(harness, backend, 3);
      await world.run();
      const documentId = (await world.row("m1"))?.documentId;
      const erasure = await eraseMemory(world.parts, scope, "m1", signal);
      expect(erasure).toMatchObject({ wasKnown: true, removed: [documentId], remaining: 0 });
      expect(await names(world)).toEqual(["m0@CTX.md", "m2@CTX.md"]);
      expect(await world.row("m1")).toMatchObject({
        status: "skipped",
        skipReason: "erased",
        contentHash: null,
        sourceHash: null,
        documentId: null,
        payload: null,
        location: null,
        memoryCreatedAt: null,
      });
      expect(await world.run()).toMatchObject({ outcome: "success", counts: { unchanged: 3, submitted: 0 } });
      world.source.memories = world.source.memories.map((memory) => ({ ...memory, transcript: "anew" }));
      await world.run({ force: true });
      expect(await world.reconcile({ repair: true })).toMatchObject({ repair: { run: null } });
      expect(await names(world)).toEqual(["m0@CTX.md", "m2@CTX.md"]);
    });
  }
}

test("what only looks at a source leaves no trace of it in the state; a run does", async () => {
  const world = await makeWorld(1);
  world.configure("connectors: [{ id: one, context_id: CTX }, { id: two, context_id: CTX }]");
  const manager = () =>
    ConfigManager.load({ path: "config.yaml", environment: {}, workingFolder: world.folder });
  const companions = async (work: (app: App) => Promise<unknown>) => {
    const app = await App.open(manager(), { readOnly: false });
    await work(app);
    await app.close();
    const after = await App.open(manager(), { readOnly: true });
    const found = await after.state.erasures.companions("one");
    await after.close();
    return found;
  };
  const signal = new AbortController().signal;
  const look = async (app: App) => {
    for (const id of ["one", "two"]) await app.withParts(app.connector(id), async () => undefined);
  };
  expect(await companions(look)).toEqual(["one"]);
  const run = async (app: App) => {
    for (const id of ["one", "two"]) await app.run(app.connector(id), ordinaryRun("cli", Date.now()), signal);
  };
  expect(await companions(run)).toEqual(["one", "two"]);
});
