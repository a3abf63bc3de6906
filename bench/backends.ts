import { type Figure, median } from "./support/figures.ts";
import { syncOnce } from "./support/sync-once.ts";
import { BenchFolder } from "./support/world.ts";

const speed = { generation: "1.5", answerMs: 0 } as const;

/** Whole syncs over the JSON file beside the same over SQLite, turn by turn. */
export async function measureBackends(): Promise<Figure[]> {
  return [await compare(1000, 5), await compare(10_000, 1)];
}

async function compare(count: number, repeats: number): Promise<Figure> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(count);
  const ms = { json: [] as number[], sqlite: [] as number[] };
  for (let turn = 0; turn < repeats; turn++) {
    for (const backend of ["json", "sqlite"] as const)
      ms[backend].push((await syncOnce(source, count, speed, backend)).runMs);
  }
  const perSecond = (times: readonly number[]) => Math.round((count / median(times)) * 1000);
  return {
    what: `${count} memories with the JSON backend: share of SQLite's speed`,
    value: (median(ms.sqlite) / median(ms.json)) * 100,
    unit: "%",
    target: null,
    details: { jsonPerSecond: perSecond(ms.json), sqlitePerSecond: perSecond(ms.sqlite), repeats },
  };
}
