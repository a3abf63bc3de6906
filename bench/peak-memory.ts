import type { Figure } from "./support/figures.ts";
import { runBuiltCli } from "./support/measured-run.ts";
import { BenchFolder, startNullSink } from "./support/world.ts";

const count = 10_000;

/** Peak memory of the command line while it delivers everything to a LightRAG that is always ready: the most that can be in hand. */
export async function measurePeakMemory(): Promise<Figure[]> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(count);
  await using sink = await startNullSink({ generation: "1.5", answerMs: 0 });
  folder.writeConfig({ source, sink, count });
  const { ms, peakMb } = await runBuiltCli(folder.path, "sync");
  return [
    {
      what: `peak memory of \`sync\` with ${count} new memories`,
      value: peakMb,
      unit: "MB",
      target: { below: 130 },
      details: { seconds: ms / 1000 },
    },
  ];
}
