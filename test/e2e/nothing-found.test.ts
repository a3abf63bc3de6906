import { expect, test } from "vitest";
import { startDirectWorld } from "../support/direct-world.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";

test("a run that brought documents and no entity warns, and a look-up says that the memory was delivered", async () => {
  const world = await startDirectWorld();
  world.source.put("CTX", ...makeApiMemories(3));
  world.model.faults = { bad: [{ of: "chat", answer: "nothing found" }] };
  const { code, runs } = await world.sync();
  expect(code).toBe(0);
  expect(runs[0]).toMatchObject({ outcome: "success", counts: { processed: 3 } });
  expect(runs[0]?.errors).toMatchObject([{ code: "RUN_FOUND_NOTHING", count: 1 }]);
  const { out } = await world.cli("graph", "--memory", "m0");
  expect(out).toContain("m0: delivered; the model found nothing in it");
  expect((await world.cli("graph", "--memory", "nobody")).err).toContain("MEMORY_UNKNOWN");
});

test("one document with an entity is enough for silence", async () => {
  const world = await startDirectWorld();
  world.source.put("CTX", ...makeApiMemories(3), {
    ...makeApiMemories(1)[0]!,
    id: "named",
    transcript: "Nina Ferreira met Tomas Duarte.",
  });
  world.model.faults = { bad: [{ of: "chat", answer: "nothing found", text: "memory number" }] };
  expect((await world.sync()).runs[0]).toMatchObject({ counts: { processed: 4 }, errors: [] });
});
