import { expect, test } from "vitest";
import { directHarness } from "../support/direct-harness.ts";
import { type DriftWorld, driftWorld } from "../support/drift-world.ts";
import { eraseMemory } from "../support/erase-memory.ts";
import { simulatorHarness } from "../support/lightrag-simulator-harness.ts";

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
