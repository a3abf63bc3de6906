import { expect, test } from "vitest";
import { isInStep } from "../../src/domain/drift-report.ts";
import { directHarness } from "../support/direct-harness.ts";
import { driftWorld, sabotageAll } from "../support/drift-world.ts";
import { simulatorHarness } from "../support/lightrag-simulator-harness.ts";

const harnesses = [simulatorHarness("1.5"), simulatorHarness("1.4"), directHarness()];

for (const harness of harnesses) {
  for (const backend of ["sqlite", "json"] as const) {
    test(`after sabotage a check of ${harness.name} with ${backend} finds all of it, and a repair restores it whole`, async () => {
      const world = await driftWorld(harness, backend, 20);
      const expected = await sabotageAll(world);
      const before = await world.documents();
      const check = await world.reconcile();
      expect(check).toMatchObject({ drift: expected, repair: null, truncated: null, memories: 20 });
      expect(await world.documents()).toEqual(before);
      const { repair } = await world.reconcile({ repair: true });
      expect(repair).toMatchObject({ removed: 1, held: null, run: { outcome: "success" } });
      expect(isInStep(repair?.remaining ?? check.drift)).toBe(true);
      await world.expectWhole("ghost@OTHER.md", "readme.md");
      expect(isInStep((await world.reconcile()).drift)).toBe(true);
    });
  }
}

test("a delivery that is on its way and gets lost is no agreement: a run settles it", async () => {
  const world = await driftWorld(simulatorHarness("1.5"), "sqlite", 3);
  world.slowDown(5000);
  await world.run({ wait: false });
  const { drift } = await world.reconcile();
  expect(drift.unsent.count).toBe(3);
  world.slowDown(0);
  expect((await world.reconcile({ repair: true })).repair).toMatchObject({ run: { outcome: "success" } });
  await world.expectWhole();
});
