import { bareLoop } from "./support/bare-loop.ts";
import type { ChildServer } from "./support/child-server.ts";
import { type Figure, median } from "./support/figures.ts";
import { type SyncTimes, syncOnce } from "./support/sync-once.ts";
import { BenchFolder, type SinkSpeed } from "./support/world.ts";

const count = 1000;

/**
 * 5 ms to take in a document is less than a real server needs (on an idle one of generation 1.4 some 8 ms, on 1.5 as well). At 0 ms
 * there is nothing to hide the ledger's writes behind: that figure is the cost of being durable and proved.
 */
const speeds: readonly (SinkSpeed & { repeats: number; atLeast: number })[] = [
  { generation: "1.5", answerMs: 5, repeats: 3, atLeast: 85 },
  { generation: "1.4", answerMs: 5, repeats: 7, atLeast: 85 },
  { generation: "1.5", answerMs: 0, repeats: 7, atLeast: 50 },
  { generation: "1.4", answerMs: 0, repeats: 7, atLeast: 50 },
];

/** Deliveries of a whole sync beside a bare loop that posts the same bodies, turn by turn. */
export async function measureDeliveries(): Promise<Figure[]> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(count);
  const figures: Figure[] = [];
  for (const speed of speeds) figures.push(await compare(source, speed));
  return figures;
}

async function compare(
  source: ChildServer,
  { repeats, atLeast, ...speed }: (typeof speeds)[number],
): Promise<Figure> {
  const bare: number[] = [];
  const syncs: SyncTimes[] = [];
  for (let turn = 0; turn < repeats; turn++) {
    bare.push(await bareLoop(count, speed));
    syncs.push(await syncOnce(source, count, speed));
  }
  const perSecond = (ms: number) => Math.round((count / ms) * 1000);
  const deliverMs = median(syncs.map((sync) => sync.deliverMs));
  const runMs = median(syncs.map((sync) => sync.runMs));
  return {
    what: `${count} deliveries, LightRAG ${speed.generation} taking ${speed.answerMs} ms a document: share of a bare loop`,
    value: (median(bare) / deliverMs) * 100,
    unit: "%",
    target: { atLeast },
    details: {
      barePerSecond: perSecond(median(bare)),
      deliveriesPerSecond: perSecond(deliverMs),
      shareOfWholeRun: Math.round((median(bare) / runMs) * 100),
      shareOfBestTurns: Math.round(
        (Math.min(...bare) / Math.min(...syncs.map((sync) => sync.deliverMs))) * 100,
      ),
      repeats,
    },
  };
}
