/**
 * Measures what docs/performance.md promises; prints a table and writes bench/results.json.
 * Usage: npm run bench [-- NAME …], with the names below.
 */
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { keepHeapSmall } from "../src/kernel/util/v8.ts";
import { measureApi } from "./api.ts";
import { measureBackends } from "./backends.ts";
import { measureColdStart } from "./cold-start.ts";
import { measureDeliveries } from "./deliveries.ts";
import { measureDirectBesideLightRag } from "./direct-beside-lightrag.ts";
import { measureDirectFolder } from "./direct-folder.ts";
import { measureDirectIngest } from "./direct-ingest.ts";
import { measureFilteredQuestions } from "./filtered-questions.ts";
import { measureGrowth } from "./growth.ts";
import { measureIdleService } from "./idle-service.ts";
import { measureLargeFolder } from "./large-folder.ts";
import { measureMemories } from "./memories.ts";
import { measurePage } from "./page.ts";
import { measurePeakMemory } from "./peak-memory.ts";
import { measureResync } from "./resync.ts";
import { measureScaleOut } from "./scale-out.ts";
import { measureScheduler } from "./scheduler.ts";
import { type Figure, isMet, type Measurement, tableOf } from "./support/figures.ts";
import { measureTowns } from "./towns.ts";
import { measureWholeSync } from "./whole-sync.ts";

const measurements: Readonly<Record<string, Measurement>> = {
  // First, while the process is fresh: garbage of the others would count as idle load.
  scheduler: measureScheduler,
  "idle-service": measureIdleService,
  api: measureApi,
  deliveries: measureDeliveries,
  "whole-sync": measureWholeSync,
  "peak-memory": measurePeakMemory,
  resync: measureResync,
  backends: measureBackends,
  memories: measureMemories,
  towns: measureTowns,
  page: measurePage,
  "cold-start": measureColdStart,
  "direct-ingest": measureDirectIngest,
  "direct-folder": measureDirectFolder,
  "direct-beside-lightrag": measureDirectBesideLightRag,
  "filtered-questions": measureFilteredQuestions,
  "large-folder": measureLargeFolder,
  "scale-out": measureScaleOut,
  growth: measureGrowth,
};

// As the command line does: a ratio of an in-process sync should be the one that its users get.
keepHeapSmall();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => measurements[name] === undefined);
if (unknown.length > 0)
  throw new Error(
    `no measurement is called ${unknown.join(", ")}; there are ${Object.keys(measurements).join(", ")}`,
  );

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(measurements)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  figures.push(...(await measure()));
}

const [load = 0] = loadavg();
const machine = {
  cores: availableParallelism(),
  processor: cpus()[0]?.model ?? "unknown",
  node: process.version,
  /** Above the number of cores, others were at work too. */
  loadAverage: load,
};
const measured = figures.map((figure) => ({ ...figure, met: isMet(figure) }));
const results = { measuredAt: new Date().toISOString(), machine, figures: measured };
writeFileSync(new URL("results.json", import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
console.log(tableOf(figures));
