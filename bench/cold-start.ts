import { spawnSync } from "node:child_process";
import { type Figure, median } from "./support/figures.ts";
import { runBuiltCli } from "./support/measured-run.ts";
import { BenchFolder, startNullSink } from "./support/world.ts";

const count = 990;
const repeats = 15;

/** From starting a process of the command line to its end. */
export async function measureColdStart(): Promise<Figure[]> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(count);
  await using sink = await startNullSink({ generation: "1.5", answerMs: 0 });
  folder.writeConfig({ source, sink, count });
  await runBuiltCli(folder.path, "sync");
  const ms: number[] = [];
  const nodeMs: number[] = [];
  for (let turn = 0; turn < repeats; turn++) {
    ms.push((await runBuiltCli(folder.path, "status")).ms);
    nodeMs.push(startNode());
  }
  return [
    {
      what: `\`status\`, cold start, ${count} known`,
      value: median(ms),
      unit: "ms",
      target: { below: 300 },
      details: { fastestMs: Math.min(...ms), nodeAloneMs: median(nodeMs), repeats },
    },
  ];
}

/** What Node itself takes to start and to end. Milliseconds. */
function startNode(): number {
  const startedAt = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return performance.now() - startedAt;
}
