import { fileURLToPath } from "node:url";
import { sum } from "../src/kernel/util/collections.ts";
import { realMemoriesMissing } from "../test/support/real-memories.ts";
import { conversationMemories } from "./support/conversations.ts";
import type { Figure } from "./support/figures.ts";
import { runMeasured } from "./support/measured-run.ts";
import type { MeasuredSync } from "./support/measured-sync.ts";
import { BenchFolder } from "./support/world.ts";

const count = 10_000;
const megabytesOfAGigabyte = 1024;
const script = fileURLToPath(new URL("support/measured-sync.ts", import.meta.url));

/** A whole sync of real conversations into a folder of direct mode with the built-in models. */
export async function measureDirectIngest(): Promise<Figure[]> {
  if (realMemoriesMissing !== null) {
    process.stderr.write(`${realMemoriesMissing}\n`);
    return [];
  }
  using folder = new BenchFolder();
  await using source = await folder.startSourceOf(conversationMemories(count));
  folder.writeConfig({ source, sink: null, count });
  const { json, peakMb } = await runMeasured<MeasuredSync>(folder.path, script, folder.path);
  const { seconds, cpuMsPerThousand } = json;
  const middle = cpuMsPerThousand.length / 2;
  const firstHalf = sum(cpuMsPerThousand.slice(0, middle));
  const secondHalf = sum(cpuMsPerThousand.slice(middle));
  return [
    {
      what: `sync of ${count} memories in direct mode, built-in models`,
      value: seconds,
      unit: "s",
      target: { below: 600 },
      details: { cpuSeconds: Math.round((firstHalf + secondHalf) / 1000) },
    },
    { what: "peak memory of that sync", value: peakMb, unit: "MB", target: { below: megabytesOfAGigabyte } },
    {
      what: "processor time of its second half beside the first",
      value: secondHalf / firstHalf,
      unit: "×",
      target: { below: 1.25 },
      details: { cpuMsPerMemory: cpuMsPerThousand.map((ms) => Number((ms / 1000).toFixed(1))) },
    },
  ];
}
