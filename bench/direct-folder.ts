import { join } from "node:path";
import { fillFolder } from "./growth/direct.ts";
import { buildScript } from "./support/built-script.ts";
import type { Figure } from "./support/figures.ts";
import { type MeasuredRun, runMeasured } from "./support/measured-run.ts";
import { BenchFolder } from "./support/world.ts";

const most = Number(process.env.BENCH_DOCUMENTS ?? 20_000);
const factor = 4;

/** What `support/ask-folder.ts` prints. Milliseconds: by the clock, and of the processor. */
export interface AskedFolder {
  ready: number;
  first: number;
  /** The middle of some. */
  warm: number;
  processor: { ready: number; first: number; warm: number };
  /** The longest time in which the event loop did not come round: while the folder was opened and asked, and while a hundred asked at once. */
  silent: number;
}

/** A folder of direct mode with many documents: opened by a process of its own, asked, and asked by a hundred at once; and how that grows. */
export async function measureDirectFolder(): Promise<Figure[]> {
  const small = await measured(most / factor);
  const large = await measured(most);
  const of = `a folder of ${most.toLocaleString("en")} documents in direct mode`;
  const ms = (what: string, value: number, below: number): Figure => ({
    what: `${of}: ${what}`,
    value,
    unit: "ms",
    target: { below },
    details: { small: small.json, large: large.json },
  });
  const growth = (what: string, of: (run: MeasuredRun<AskedFolder>) => number): Figure => ({
    what: `${what}, ${most / factor} → ${most} documents`,
    value: of(large) / of(small),
    unit: "×",
    target: { below: 4.4 },
  });
  return [
    ms("opened", large.json.ready, 3_000),
    ms("the first question", large.json.first, 3_000),
    ms("another question", large.json.warm, 100),
    ms("the longest time without an answer to others", large.json.silent, 100),
    { what: `${of}: peak memory`, value: large.peakMb, unit: "MB", target: null },
    growth("opening, processor time", ({ json }) => json.processor.ready),
    growth("the first question, processor time", ({ json }) => json.processor.first),
    growth("another question, processor time", ({ json }) => json.processor.warm),
    growth("peak memory", ({ peakMb }) => peakMb),
  ];
}

async function measured(documents: number): Promise<MeasuredRun<AskedFolder>> {
  using place = new BenchFolder();
  await fillFolder(place, documents);
  const script = await buildScript("bench/support/ask-folder.ts", join(place.path, "built"));
  return await runMeasured<AskedFolder>(place.path, script, join(place.path, "lightrag"));
}
