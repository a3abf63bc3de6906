import { processorMsSince } from "../../test/support/processor-time.ts";
import type { Figure } from "../support/figures.ts";

/** What may grow with the work, and what only what is new should cost. Four times the size is measured. */
export const withTheWork = 4.4;
export const onlyWhatIsNew = 1.2;

const factor = 4;
const turns = 2;
/** `BENCH_GROWTH` makes every case so many times larger. */
const scale = Number(process.env.BENCH_GROWTH ?? 1);

/** By unit: `ms` of processor time, requests, bytes, rows. */
export type Costs = Readonly<Record<string, number>>;

export interface GrowthCase {
  what: string;
  /** The smaller size. */
  size: number;
  atMost: number;
  /** What one run of this size costs; prepares and removes what it needs, and counts none of that. */
  costs: (size: number) => Promise<Costs>;
}

/** How much more four times the size costs, a figure for each unit: the cheapest of a few turns of either size. */
export async function growthOf({ what, size, atMost, costs }: GrowthCase): Promise<Figure[]> {
  const small = Math.round(size * scale);
  const large = small * factor;
  const found = { small: [] as Costs[], large: [] as Costs[] };
  // The first turn also warms the process up.
  for (let turn = 0; turn < turns; turn += 1) {
    found.small.push(await costs(small));
    found.large.push(await costs(large));
  }
  found.small.push(await costs(small));
  const before = cheapest(found.small);
  const after = cheapest(found.large);
  return Object.keys(before).map((unit) => ({
    what: `${what}, ${small} → ${large}: ${unit}`,
    value: ratio(after[unit] ?? Number.NaN, before[unit] ?? Number.NaN),
    unit: "×",
    target: { below: atMost },
    details: { [small]: before[unit], [large]: after[unit] },
  }));
}

/** Nothing at all beside nothing has not grown. */
function ratio(after: number, before: number): number {
  return after === before ? 1 : after / before;
}

function cheapest(all: readonly Costs[]): Record<string, number> {
  const [first = {}] = all;
  return Object.fromEntries(
    Object.keys(first).map((unit) => [unit, Math.min(...all.map((costs) => costs[unit] ?? Number.NaN))]),
  );
}

/** Processor time of this process while `work` is under way. Milliseconds. */
export async function processorMs(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  return processorMsSince(start);
}
