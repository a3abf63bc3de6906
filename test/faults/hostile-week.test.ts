import pMap from "p-map";
import { expect, test } from "vitest";
import { Random } from "../fuzz/support/random.ts";
import { liveThrough } from "../support/hostile-week/live-through.ts";
import { weekKinds } from "../support/hostile-week/week-kinds.ts";
import { weekSettings } from "../support/hostile-week/week-settings.ts";
import { simulatedSink } from "../support/hostile-week/week-sink.ts";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Of all kinds. `RUNS=20000 npm run test:faults -- hostile-week` goes on for an hour or two; KIND names one kind. */
const runs = Number(process.env.RUNS ?? 300);
const only = process.env.KIND;
const budgetMs = process.env.RUNS === undefined ? 2 * 60_000 : Number.POSITIVE_INFINITY;
/** They wait most of the time. */
const weeksAtOnce = 7;
const timeout = 3 * 60 * 60_000;

const life = { memories: 40, settings: weekSettings, longestLifeMs: 500, foreign: 1, foreignPauseMs: 2_000 };
const worlds = [
  { backend: "sqlite", generation: "1.5" },
  { backend: "json", generation: "1.4" },
] as const;

async function live({ kind, world, seed: weekSeed, runs: weekRuns }: Life) {
  const sink = await simulatedSink(world.generation);
  const name = `hostile week of ${kind} with ${world.backend}`;
  process.stdout.write(`${name}: SEED=${seed}\n`);
  const week = { ...life, kind, backend: world.backend, seed: weekSeed, runs: weekRuns, budgetMs };
  const lived = await liveThrough(sink, week);
  process.stdout.write(`${name}: ${lived} runs, SEED=${seed}\n`);
  return lived;
}

interface Life {
  kind: string;
  world: (typeof worlds)[number];
  seed: number;
  runs: number;
}

/** The Memory API's are long ones, with either store before either LightRAG; those of other kinds are short, unless one is asked for. */
function lives(): Life[] {
  const others = [...weekKinds.keys()].filter((kind) => kind !== "memory_api");
  const shortRuns = only === undefined ? Math.ceil(runs / 20) : runs;
  const all = [
    ...worlds.map((world) => ({ kind: "memory_api", world, seed, runs: runs / 2 })),
    ...others.map((kind, at) => {
      return { kind, world: new Random(seed + at).pick(worlds), seed: seed + at, runs: shortRuns };
    }),
  ];
  return all.filter(({ kind }) => (only ?? kind) === kind);
}

test("a hostile week of any kind of source loses, doubles and hides nothing, with either store before either LightRAG", {
  timeout,
}, async () => {
  const lived = await pMap(lives(), live, { concurrency: weeksAtOnce, stopOnError: false });
  expect(lived.length).toBeGreaterThan(0);
  for (const each of lived) expect(each).toBeGreaterThan(0);
});
