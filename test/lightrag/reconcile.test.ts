import { expect, it } from "vitest";
import { isInStep } from "../../src/domain/drift-report.ts";
import { driftWorld, sabotageAll } from "../support/drift-world.ts";
import { lightragMissing } from "../support/python-lightrag.ts";
import { pythonHarness } from "../support/python-lightrag-harness.ts";

it.skipIf(lightragMissing !== null)(
  "after sabotage in a real LightRAG 1.5 a check finds all of it, and a repair restores it whole",
  async () => {
    const world = await driftWorld(pythonHarness("1.5"), "sqlite", 12);
    const expected = await sabotageAll(world);
    expect(await world.reconcile()).toMatchObject({ drift: expected, documents: 10 });
    const { repair } = await world.reconcile({ repair: true, acceptDeletions: true });
    expect(repair).toMatchObject({ removed: 1, run: { outcome: "success" } });
    expect(repair && isInStep(repair.remaining)).toBe(true);
    await world.expectWhole("ghost@OTHER.md", "readme.md");
  },
);
