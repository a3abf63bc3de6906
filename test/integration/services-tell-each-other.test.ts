import { test } from "vitest";
import { expectOneStory, expectOneWill, startTelling } from "../support/services-that-tell.ts";

const split = [["--scheduler-only"], ["--api-only"], ["--api-only"]];

test("over a state in SQLite, readers of a process that only serves the API hear every event of the one that works", async () => {
  const world = await startTelling(split);
  await expectOneStory(world);
  for (const service of world.services) await service.stop();
});

test("over a state in SQLite, a pause, a connector or a key that one process changes is known in all within a second", async () => {
  const world = await startTelling(split);
  await expectOneWill(world);
  for (const service of world.services) await service.stop();
});
