import { expect, test } from "vitest";
import { simulatedSink } from "../support/simulated-sink-harness.ts";

const server = { parallel: 4, processingMs: 5 };

test.each([{ refuseText: "" }, { refuseVectorsOf: "" }])(
  "models that fail at everything (%o) cost no document its life: the run stops, and a later one delivers",
  async (model) => {
    const sync = await simulatedSink({ memories: 8, server });
    sync.simulator.model = model;
    const run = await sync.run();
    expect(run).toMatchObject({ outcome: "failed", counts: { processed: 0, deadLetters: 0 } });
    expect(run.errors).toContainEqual(expect.objectContaining({ code: "SINK_MODEL_UNAVAILABLE" }));
    sync.simulator.model = {};
    expect(await sync.run({ force: true })).toMatchObject({ outcome: "success", counts: { processed: 8 } });
    expect(sync.held()).toEqual(sync.names());
  },
);

test("texts that a model refuses are dead letters, however many there are in a row, while it answers a question", async () => {
  const sync = await simulatedSink({ memories: 24, server });
  const poison = new Set(Array.from({ length: 12 }, (_, at) => `m${at + 12}`));
  sync.source.memories = sync.source.memories.map((memory) =>
    poison.has(memory.id) ? { ...memory, transcript: `poison of ${memory.id}` } : memory,
  );
  sync.simulator.model = { refuseText: "poison" };
  expect(await sync.run()).toMatchObject({ counts: { processed: 12, deadLetters: 12 } });
  expect(sync.held()).toEqual(sync.names(...poison));
});

test("one text that a model refuses is not asked about", async () => {
  const sync = await simulatedSink({ memories: 12, server });
  sync.simulator.model = { refuseText: "what m7 says" };
  expect(await sync.run()).toMatchObject({ counts: { processed: 11, deadLetters: 1 } });
  expect(sync.simulator.requests["POST /query/data"]).toBeUndefined();
});
