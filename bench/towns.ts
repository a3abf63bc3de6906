import { findTowns, townsLike } from "../src/documents/places/find-towns.ts";
import { type Figure, median } from "./support/figures.ts";

/** Each is asked for once: answers are kept. The first ones warm the process up. */
const warmUp = 10;
const slips =
  "Lisbn Barclona Stokholm Copenhagn Warsav Budapst Brusels Amsterdm Marseile Edinbrgh Sevila Valencja Florenz Napels Hamburk".split(
    " ",
  );
const nowhere = Array.from({ length: 15 }, (_, at) => `Qwertzuiop ${String.fromCharCode(97 + at)}yxcv`);
const there =
  "Lisbon Porto Faro Braga Coimbra Evora Leiria Setubal Aveiro Viseu Guarda Beja Sintra Cascais Tavira".split(
    " ",
  );

/** What a town costs that somebody has named, rightly or not: the time of all cores. */
export async function measureTowns(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [what, names] of [
    ["a town that is named with a slip", slips],
    ["a town that there is not", nowhere],
    ["a town by its name", there],
  ] as const) {
    const ms: number[] = [];
    for (const name of [...names.slice(0, warmUp).map((each) => `${each}x`), ...names])
      ms.push(await costOf(name));
    figures.push({
      what: `${what}, processor time`,
      value: median(ms.slice(warmUp)),
      unit: "ms",
      target: { below: 30 },
      details: { ms },
    });
  }
  return figures;
}

/** Milliseconds. */
async function costOf(name: string): Promise<number> {
  const began = process.cpuUsage();
  if ((await findTowns(name)).length === 0) await townsLike(name);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
