import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";
import { simulatedSink } from "../support/simulated-sink-harness.ts";

test.each(["1.4", "1.5"] as const)("a LightRAG %s that was emptied between two runs", async (generation) => {
  const sync = await simulatedSink({ memories: 12, server: { generation } });
  expect(await sync.run()).toMatchObject({ outcome: "success" });
  for (const { id } of sync.simulator.documents()) sync.simulator.lose(id);
  expect(await sync.run()).toMatchObject({
    outcome: "partial",
    counts: { submitted: 0 },
    errors: [{ code: "SINK_DOCUMENTS_MISSING" }],
  });
});

test("a person is told by sync and by status, and brings everything back with what they are told to type", async () => {
  const { folder, lightrag, configure } = await makeWorld(3);
  configure("connectors: [{ id: one, context_id: CTX, schedule: { type: manual } }]");
  const cli = (...args: string[]) => runCli(args, { cwd: folder });
  expect(await cli("sync")).toMatchObject({ code: 0 });
  for (const { id } of lightrag.documents()) lightrag.lose(id);
  const told = await cli("sync");
  expect(told).toMatchObject({ code: 3, out: expect.stringContaining("SINK_DOCUMENTS_MISSING (1 time)") });
  expect((await cli("status")).out).toContain("holds 0 documents, and 3 memories were proved delivered");
  const [, typed = ""] = /`memory-connector (reconcile [^`]+)`/u.exec(told.out) ?? [];
  await cli(...typed.split(" "));
  expect(lightrag.documents()).toHaveLength(3);
  expect(await cli("sync")).toMatchObject({ code: 0 });
  expect((await cli("status")).out).not.toContain("SINK_");
});
