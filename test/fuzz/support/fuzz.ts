import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { isConnectorError } from "../../../src/kernel/errors/connector-error.ts";
import { Random } from "./random.ts";

/** Inputs over all targets. `npm test` takes few, `npm run test:fuzz` 100,000. */
const allRuns = Number(process.env.FUZZ_RUNS ?? 3_000);
/** Names the inputs; a failure is repeated by it. */
const seed = Number(process.env.FUZZ_SEED ?? 20_250_101);
/** With a seed: only this input. */
const only = process.env.FUZZ_ONLY === undefined ? null : Number(process.env.FUZZ_ONLY);

/** An input that takes longer is a hang, however busy the machine. Milliseconds. */
const longestMs = 8_000;
// However the process was started: without a collection, garbage would count as what stays.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What may stay in memory of all inputs of a target. */
const mostGrowthBytes = 96 * 1024 * 1024;

/** One input: what it does with the random choices that it is given; resolves to how many bodies were tried. */
export type Attempt = (random: Random) => Promise<number> | number;

/**
 * Tries a target's share of the inputs. Each has to be taken or refused with a coded error; anything else, such as a `TypeError`, an
 * `INTERNAL`, or an input that takes too long, fails with what repeats it.
 */
export function fuzz(title: string, share: number, open: () => Promise<Attempt> | Attempt): void {
  test(title, { timeout: 600_000 }, async () => {
    const attempt = await open();
    const wanted = Math.ceil(allRuns * share);
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    let bodies = 0;
    for (let number = only ?? 0; bodies < wanted; number += 1) {
      bodies += await tried(attempt, number);
      if (only !== null) break;
    }
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(mostGrowthBytes);
  });
}

async function tried(attempt: Attempt, number: number): Promise<number> {
  const start = performance.now();
  let bodies = 1;
  try {
    bodies = await attempt(new Random(seed * 1_000_003 + number));
  } catch (thrown) {
    if (!isConnectorError(thrown) || thrown.code === "INTERNAL")
      throw failure(number, "was not refused with a code", thrown);
  }
  const tookMs = performance.now() - start;
  if (tookMs > longestMs) throw failure(number, `took ${Math.round(tookMs)} ms`);
  return bodies;
}

function failure(number: number, what: string, cause?: unknown): Error {
  const message = `input ${number} ${what}; repeat it with FUZZ_SEED=${seed} FUZZ_ONLY=${number}`;
  const reason = cause instanceof Error ? `: ${cause.name}: ${cause.message.slice(0, 300)}` : "";
  return new Error(message + reason, { cause });
}
