import { setImmediate as nextTurn } from "node:timers/promises";

/** Long work in pieces of at most some milliseconds: it yields where it may give way to others. */
export type Pieces<Result> = Generator<void, Result>;

/** How long work holds the event loop at a stretch. Milliseconds. */
const stretchMs = 10;

/**
 * Does work in pieces, beginning with the next turn of the event loop, and lets everything else that waits run in between. Throws the signal's
 * reason: an abort takes effect at the next turn.
 */
export async function inTurns<Result>(work: Pieces<Result>, signal?: AbortSignal): Promise<Result> {
  for (;;) {
    await nextTurn();
    if (signal?.aborted) work.return(undefined as Result);
    signal?.throwIfAborted();
    const began = performance.now();
    do {
      const { done, value } = work.next();
      if (done === true) return value;
    } while (performance.now() - began < stretchMs);
  }
}

/** Does work in pieces at a stretch. */
export function atOnce<Result>(work: Pieces<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
