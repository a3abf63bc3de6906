import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { connectedSimulator } from "../support/lightrag-simulator-test.ts";
import { memoryOf, syncHarness } from "../support/sync-harness.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const three = ["a", "b", "c"].map((id) => memoryOf(id));

test.each(["1.4", "1.5"] as const)(
  "over a LightRAG %s that holds no entity, a run that brought documents warns, and one that brought none does not",
  async (generation) => {
    const { simulator, client } = await connectedSimulator({ generation, findsNothing: true });
    const harness = await syncHarness();
    harness.source.memories = three;
    const sync = harness.with({ sink: client });
    const first = await sync.run();
    expect(first).toMatchObject({ outcome: "success", counts: { processed: 3 } });
    expect(first.errors).toMatchObject([{ code: "RUN_FOUND_NOTHING", count: 1 }]);
    expect((await sync.run()).errors).toEqual([]);
    expect(simulator.requests["GET /graph/label/popular"]).toBe(1);
  },
);

test("over a LightRAG that holds entities nothing is said, nor when it does not answer that question", async () => {
  const { client } = await connectedSimulator({ generation: "1.5" });
  const harness = await syncHarness();
  harness.source.memories = three;
  expect((await harness.with({ sink: client }).run()).errors).toEqual([]);
  const silent = await syncHarness();
  silent.source.memories = [memoryOf("d")];
  expect((await silent.run()).errors).toEqual([]);
});

test("the built-in model is not taken for a chat model that does not follow", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "x.jsonl"), '{"id": "x", "created_at": "2026-03-01T08:15:00Z", "text": "x"}\n');
  const { code, out } = await runCli(["import", "x.jsonl"], { cwd: folder });
  expect([code, out]).toEqual([0, expect.stringContaining("RUN_FOUND_NOTHING")]);
  expect(out).toContain("1 document was delivered, and the built-in model found no entity in it");
  expect(out).not.toContain("does not follow");
});
