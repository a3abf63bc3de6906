import { expect, test } from "vitest";
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
