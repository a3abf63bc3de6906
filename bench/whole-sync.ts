import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { concurrency, insertsOf } from "./support/bare-loop.ts";
import type { ChildServer } from "./support/child-server.ts";
import { type Figure, median } from "./support/figures.ts";
import { runBuiltCli } from "./support/measured-run.ts";
import { BenchFolder, type SinkSpeed, startNullSink } from "./support/world.ts";

/** Not a round number: a list of 1,000 looks cut off, and the source is asked once more. */
const count = 1_003;
const repeats = 5;
const script = fileURLToPath(new URL("support/post-all.ts", import.meta.url));
const speeds: readonly SinkSpeed[] = [
  { generation: "1.5", answerMs: 5 },
  { generation: "1.4", answerMs: 5 },
];

/** The whole command, from a cold start to its proof, beside a program that posts the same bodies from a cold start, turn by turn. */
export async function measureWholeSync(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const speed of speeds) figures.push(await compare(speed));
  return figures;
}

async function compare(speed: SinkSpeed): Promise<Figure> {
  using place = new BenchFolder();
  await using source = await place.startSource(count);
  const [posts, syncs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < repeats; turn += 1) {
    posts.push(await postAll(place, speed));
    syncs.push(await sync(source, speed));
  }
  return {
    what: `\`sync\` of ${count} memories into LightRAG ${speed.generation} taking ${speed.answerMs} ms a document: wall time beside a program that posts them and proves nothing`,
    value: median(syncs) / median(posts),
    unit: "×",
    target: { below: 1.3 },
    details: { syncMs: median(syncs), postMs: median(posts), repeats },
  };
}

async function sync(source: ChildServer, speed: SinkSpeed): Promise<number> {
  using folder = new BenchFolder();
  await using sink = await startNullSink(speed);
  folder.writeConfig({ source, sink, count });
  return (await runBuiltCli(folder.path, "sync")).ms;
}

async function postAll(place: BenchFolder, speed: SinkSpeed): Promise<number> {
  await using sink = await startNullSink(speed);
  const perRequest = speed.generation === "1.4" ? 1 : concurrency;
  const file = join(place.path, "bodies.json");
  writeFileSync(file, JSON.stringify(insertsOf(count, perRequest)));
  const startedAt = performance.now();
  await promisify(execFile)(process.execPath, [script, sink.url, file, String(concurrency / perRequest)]);
  return performance.now() - startedAt;
}
