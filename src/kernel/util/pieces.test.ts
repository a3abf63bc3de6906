import { expect, test } from "vitest";
import { clockStepsBy, turnsBeside } from "../../../test/support/turns.ts";
import { atOnce, inTurns, type Pieces } from "./pieces.ts";

function* count(to: number): Pieces<number> {
  for (let done = 0; done < to; done += 1) yield;
  return to;
}

test("work gives way whenever it has held the event loop for long enough", async () => {
  clockStepsBy(6);
  // Two pieces take 12 ms.
  expect(await turnsBeside(inTurns(count(100)))).toBeGreaterThanOrEqual(50);
  clockStepsBy(0);
  expect(await turnsBeside(inTurns(count(100)))).toBeLessThan(5);
});

test("work in pieces has the result that it has at a stretch", async () => {
  expect(await inTurns(count(7))).toBe(7);
  expect(atOnce(count(7))).toBe(7);
});

test("a wish to stop ends the work at its next turn, and what it has open is closed", async () => {
  clockStepsBy(20);
  const stop = new AbortController();
  let pieces = 0;
  let isClosed = false;
  const work = inTurns(
    (function* (): Pieces<void> {
      try {
        for (;;) {
          pieces += 1;
          if (pieces === 3) stop.abort();
          yield;
        }
      } finally {
        isClosed = true;
      }
    })(),
    stop.signal,
  );
  await expect(work).rejects.toThrow("aborted");
  expect({ pieces, isClosed }).toEqual({ pieces: 3, isClosed: true });
});
