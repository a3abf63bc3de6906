import { growthOfDirectMode } from "./growth/direct.ts";
import { type GrowthCase, growthOf } from "./growth/growth.ts";
import { growthOfLightRag } from "./growth/lightrag.ts";
import { growthOfService } from "./growth/service.ts";
import { growthOfState } from "./growth/state.ts";
import type { Figure } from "./support/figures.ts";

const cases: readonly GrowthCase[] = [
  ...growthOfLightRag,
  ...growthOfState,
  ...growthOfDirectMode,
  ...growthOfService,
];

/** Part of the name of the cases to be measured; all of them when it is left out. */
const only = process.env.BENCH_GROWTH_ONLY ?? "";

/** By which factor the cost of each thing grows whose size follows the user's data, for four times the size. */
export async function measureGrowth(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const each of cases) {
    if (!each.what.includes(only)) continue;
    process.stderr.write(`  ${each.what} …\n`);
    figures.push(...(await growthOf(each)));
  }
  return figures;
}
