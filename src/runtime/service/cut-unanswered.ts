import type { CallsUnderWay } from "../../kernel/http/calls-under-way.ts";
import type { Clock } from "../../kernel/util/clock.ts";

/** In a stop no run waits longer for an answer. Milliseconds. */
const patienceMs = 1000;
const lookEveryMs = 100;

export interface CutUnansweredOptions {
  /** The calls of each run that is under way, by connector. */
  calls: ReadonlyMap<string, CallsUnderWay>;
  cutShort: (connectorId: string) => void;
  clock: Pick<Clock, "sleep">;
}

/**
 * Cuts short, until the signal aborts, every run that waits for a server which does not answer: it could wait so until the time limit of
 * the stop, and get no further.
 */
export async function cutUnanswered(
  { calls, cutShort, clock }: CutUnansweredOptions,
  signal: AbortSignal,
): Promise<void> {
  // What was begun before the stop has the same time from now on as any other call.
  for (let waitMs = patienceMs; !signal.aborted; waitMs = lookEveryMs) {
    await clock.sleep(waitMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    for (const [connectorId, { oldestMs }] of calls) if (oldestMs >= patienceMs) cutShort(connectorId);
  }
}
