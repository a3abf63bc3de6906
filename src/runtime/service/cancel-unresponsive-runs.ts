import type { InFlightCalls } from "../../kernel/http/in-flight-calls.ts";
import type { Clock } from "../../kernel/util/clock.ts";

/** Longest wait for a server's response during a stop. Milliseconds. */
const timeoutMs = 1000;
const pollIntervalMs = 100;

export interface UnresponsiveRunsOptions {
  /** The calls of each active run, by connector. */
  calls: ReadonlyMap<string, InFlightCalls>;
  cutShort: (connectorId: string) => void;
  clock: Pick<Clock, "sleep">;
}

/**
 * Until the signal aborts, cancels every run that waits for an unresponsive server: it could otherwise wait until the time limit of
 * the stop without progress.
 */
export async function cancelUnresponsive(
  { calls, cutShort, clock }: UnresponsiveRunsOptions,
  signal: AbortSignal,
): Promise<void> {
  // Calls started before the stop get the same time from now on as any other.
  for (let waitMs = timeoutMs; !signal.aborted; waitMs = pollIntervalMs) {
    await clock.sleep(waitMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    for (const [connectorId, { oldestMs }] of calls) if (oldestMs >= timeoutMs) cutShort(connectorId);
  }
}
