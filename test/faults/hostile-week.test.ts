import pMap from "p-map";
import { expect, test } from "vitest";
import { Random } from "../fuzz/support/random.ts";
import { liveThrough } from "../support/hostile-week/live-through.ts";
import { weekKinds } from "../support/hostile-week/week-kinds.ts";
import { weekSettings } from "../support/hostile-week/week-settings.ts";
import { simulatedSink } from "../support/hostile-week/week-sink.ts";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Of all kinds. `RUNS=20000 npm run test:faults -- hostile-week` goes on for an hour or two; KIND names one kind. */
const runs = Number(process.env.RUNS ?? 500);
const only = process.env.KIND;
const budgetMs = process.env.RUNS === undefined ? 4 * 60_000 : Number.POSITIVE_INFINITY;
/** They wait most of the time. */
const weeksAtOnce = 5;
const timeout = 3 * 60 * 60_000;

const life = { memories: 40, settings: weekSettings, longestLifeMs: 500, foreign: 1, foreignPauseMs: 2_000 };
const worlds = [
  { backend: "sqlite", generation: "1.5" },
  { backend: "json", generation: "1.4" },
] as const;

async function live(kind: string, world: (typeof worlds)[number], weekSeed: number, weekRuns: number) {
  const sink = await simulatedSink(world.generation);
  const name = `hostile week of ${kind} with ${world.backend}`;
  process.stdout.write(`${name}: SEED=${seed}\n`);
  const week = { ...life, kind, backend: world.backend, seed: weekSeed, runs: weekRuns, budgetMs };
  const lived = await liveThrough(sink, week);
  process.stdout.write(`${name}: ${lived} runs, SEED=${seed}\n`);
  return lived;
}

test("a hostile week of a Memory API loses, doubles and hides nothing, with either store before either LightRAG", {
  timeout,
}, async () => {
  if (only !== undefined && only !== "memory_api") return;
  await Promise.all(worlds.map((world) => live("memory_api", world, seed, runs / 2)));
});

test("a hostile week of any other kind of source loses, doubles and hides nothing", { timeout }, async () => {
  const kinds = [...weekKinds.keys()].filter((kind) => kind !== "memory_api" && (only ?? kind) === kind);
  const weekRuns = only === undefined ? Math.ceil(runs / 25) : runs;
  const lives = await pMap(
    kinds,
    (kind, at) => live(kind, new Random(seed + at).pick(worlds), seed + at, weekRuns),
    { concurrency: weeksAtOnce, stopOnError: false },
  );
  for (const lived of lives) expect(lived).toBeGreaterThan(0);
});
