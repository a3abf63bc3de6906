import { test } from "vitest";
import { liveThrough } from "../support/hostile-week/live-through.ts";
import { weekSettings } from "../support/hostile-week/week-settings.ts";
import { simulatedSink } from "../support/hostile-week/week-sink.ts";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Of both weeks. `RUNS=20000 npm run test:faults -- hostile-week` goes on for an hour. */
const runs = Number(process.env.RUNS ?? 500);
const budgetMs = process.env.RUNS === undefined ? 4 * 60_000 : Number.POSITIVE_INFINITY;

for (const { backend, generation } of [
  { backend: "sqlite", generation: "1.5" },
  { backend: "json", generation: "1.4" },
] as const) {
  test.concurrent(`a hostile week with ${backend} before LightRAG ${generation} loses, doubles and hides nothing`, {
    timeout: 3 * 60 * 60_000,
  }, async () => {
    const life = {
      memories: 60,
      settings: weekSettings,
      longestLifeMs: 500,
      foreign: 1,
      foreignPauseMs: 2_000,
    };
    const sink = await simulatedSink(generation);
    process.stdout.write(`hostile week with ${backend}: SEED=${seed}\n`);
    const lived = await liveThrough(sink, { ...life, backend, seed, runs: runs / 2, budgetMs });
    process.stdout.write(`hostile week with ${backend}: ${lived} runs, SEED=${seed}\n`);
  });
}
