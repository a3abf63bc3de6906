import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { expectEachOnce, expectExactly, startWorld } from "../support/sync-world.ts";

const memoryCount = 601;
/** How long after a sign of life the process may live. Milliseconds. */
const longestLifeMs = 700;
/** Memories that change between two lives, so that updates and deletions are caught in the middle as well. */
const changesEach = 8;

for (const { backend, generation, kills } of [
  { backend: "sqlite", generation: "1.5", kills: 25 },
  { backend: "json", generation: "1.5", kills: 20 },
  { backend: "sqlite", generation: "1.4", kills: 20 },
] as const) {
  test(`killed ${kills} times at random, ${backend} before LightRAG ${generation} loses no memory and doubles none`, async () => {
    const world = await startWorld({
      memories: memoryCount,
      backend,
      generation,
      sink: { processingMs: 20, enqueueMs: 5, deletingMs: 2, parallel: 4 },
      lightragApi: { max_in_flight: 60 },
    });
    for (let life = 0; life < kills; life += 1) {
      await liveAndDie(world.folder);
      world.change(changesEach);
    }
    const last = await ended(startCli(["sync", "--json"], world.folder));
    expect(last.err).toBe("");
    expect(last.code).toBe(0);
    expectExactly(world.sink, world.memories);
    const status = await ended(startCli(["status", "--json"], world.folder));
    const { memories } = JSON.parse(status.out).connectors[0];
    expect(memories).toMatchObject({ processed: memoryCount, dead: 0, pending: 0 });
  });
}

/** Notes of forty places; a second change makes one too long for its group, so that notes leave groups in the middle as well. */
const places = 40;

for (const { backend, kills } of [
  { backend: "sqlite", kills: 12 },
  { backend: "json", kills: 8 },
] as const) {
  test(`killed ${kills} times at random while notes share documents, ${backend} loses no note and doubles none`, async () => {
    const world = await startWorld({
      memories: 301,
      backend,
      latitude: (index) => 40 + (index % places) / 10,
      sink: { processingMs: 20, enqueueMs: 5, deletingMs: 2, parallel: 4 },
      connector: {
        // Of a few dozen documents the changes of all lives together touch most.
        ingestion: { query_range: "all", query_limit: 2000, max_resend_percent: 100 },
        transformation: { merge: "day", merge_quiet: "0s", merge_max_characters: 60 },
      },
    });
    for (let life = 0; life < kills; life += 1) {
      await liveAndDie(world.folder);
      world.change(changesEach);
    }
    const last = await ended(startCli(["sync", "--json"], world.folder));
    expect(last.err).toBe("");
    expect(last.code, last.out).toBe(0);
    expectEachOnce(world.sink, world.memories);
  });
}

async function liveAndDie(folder: string): Promise<void> {
  const child = startCli(["sync"], folder);
  const exit = once(child, "exit");
  // Its first word on stderr: the run has begun. What it does before that is the same each time.
  await Promise.race([once(child.stderr ?? child, "data"), exit]);
  await Promise.race([delay(Math.random() * longestLifeMs), exit]);
  child.kill("SIGKILL");
  await exit;
}
