import { processorMsSince } from "../../test/support/processor-time.ts";
import { type Figure, isMet } from "../support/figures.ts";

/** What may grow with the work, and what only what is new should cost. Four times the size is measured. */
export const withTheWork = 4.4;
export const onlyWhatIsNew = 1.2;

const factor = 4;
const turns = 2;
/** What others do on the machine makes work dearer and never cheaper, so that more turns are taken of what has grown too much. */
const mostTurns = 6;
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
  found.small.push(await costs(small));
  for (let turn = 0; turn < mostTurns; turn += 1) {
    found.large.push(await costs(large));
    found.small.push(await costs(small));
    if (turn + 1 >= turns && figures().every(isMet)) break;
  }
  return figures();

  function figures(): Figure[] {
    const before = cheapest(found.small);
    const after = cheapest(found.large);
    return Object.keys(before).map((unit) => ({
      what: `${what}, ${small} → ${large}: ${unit}`,
      value: ratio(after[unit] ?? Number.NaN, before[unit] ?? Number.NaN),
      unit: "×",
      target: { below: atMost },
      details: { [small]: before[unit], [large]: after[unit], turns: found.large.length },
    }));
  }
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
