import { test } from "vitest";
import { liveThrough } from "../support/hostile-week/live-through.ts";
import { weekSettings } from "../support/hostile-week/week-settings.ts";
import { realSink } from "../support/hostile-week/week-sink.ts";
import { lightragMissing } from "../support/python-lightrag.ts";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const runs = Number(process.env.RUNS ?? 25);
const budgetMs = 4 * 60_000;

test.skipIf(lightragMissing !== null)(
  "a hostile week before a real LightRAG 1.5, with two others writing into it, loses, doubles and hides nothing",
  {
    timeout: 30 * 60_000,
  },
  async () => {
    const sink = await realSink("1.5");
    process.stdout.write(`hostile week before a real LightRAG: SEED=${seed}\n`);
    const lived = await liveThrough(sink, {
      kind: "memory_api",
      backend: "sqlite",
      seed,
      runs,
      budgetMs,
      memories: 20,
      settings: {
        ...weekSettings,
        graceMs: 20_000,
        stuckAfterMs: 60_000,
        quietMs: 5_000,
        runTimeoutMs: 120_000,
      },
      longestLifeMs: 5_000,
      foreign: 2,
      foreignPauseMs: 4_000,
    });
    process.stdout.write(`hostile week before a real LightRAG: ${lived} runs, SEED=${seed}\n`);
  },
);
