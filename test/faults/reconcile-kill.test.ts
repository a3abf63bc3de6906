import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openState } from "../../src/state/open-state.ts";
import { ended, startCli } from "../support/cli.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";

/** No size that servers cap their lists at: a list of that length is doubted. */
const memoryCount = 190;
const kills = 12;
/** How long after its first word a repair may live. Milliseconds. */
const longestLifeMs = 900;
const scope = { connectorId: "c", contextId: "CTX" };

for (const { backend, generation } of [
  { backend: "sqlite", generation: "1.5" },
  { backend: "json", generation: "1.4" },
] as const) {
  test(`a repair that is killed ${kills} times, ${backend} before LightRAG ${generation}, loses nothing and doubles nothing`, async () => {
    const world = await startWorld({
      memories: memoryCount,
      backend,
      generation,
      sink: { processingMs: 20, enqueueMs: 5, deletingMs: 2, parallel: 4 },
    });
    expect((await ended(startCli(["sync"], world.folder))).code).toBe(0);
    for (let life = 0; life < kills; life += 1) {
      await sabotage(world, backend);
      await repairAndDie(world.folder);
    }
    const last = await ended(
      startCli(["reconcile", "--repair", "--accept-deletions", "--json"], world.folder),
    );
    expect(last.err).toBe("");
    expect(last.code, last.out).toBe(0);
    expectExactly(world.sink, world.memories);
    expect((await ended(startCli(["reconcile"], world.folder))).code).toBe(0);
  });
}

type World = Awaited<ReturnType<typeof startWorld>>;

/** Documents go and ledger rows go, behind the connector's back. */
async function sabotage(world: World, backend: string): Promise<void> {
  for (const { id } of some(world.sink.documents(), 8)) world.sink.lose(id);
  const state = await openState({ backend: backend as "json", path: `${world.folder}/state.${backend}` });
  const memoryIds = some([...world.memories.keys()], 8);
  await state.removeRows(memoryIds.map((memoryId) => ({ ...scope, memoryId })));
  await state.close();
}

function some<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, () => items[Math.floor(Math.random() * items.length)]).filter(
    (item) => item !== undefined,
  );
}

async function repairAndDie(folder: string): Promise<void> {
  const child = startCli(["reconcile", "--repair", "--accept-deletions"], folder);
  const exit = once(child, "exit");
  await Promise.race([once(child.stderr ?? child, "data"), exit]);
  await Promise.race([delay(Math.random() * longestLifeMs), exit]);
  child.kill("SIGKILL");
  await exit;
}
