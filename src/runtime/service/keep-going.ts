import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Logger } from "../../observe/logs.ts";

/** How long work that failed is left alone before it begins anew. Milliseconds. */
const restMs = 60_000;

/** Work beside the runs that has no other end than the signal's. */
export type EndlessWork = (signal: AbortSignal) => Promise<void>;

export interface KeepGoingOptions {
  clock: Clock;
  log: Logger;
}

/** Does the work until the signal aborts. A failure (a state store that cannot be read for a while) is logged, and the work begins anew. */
export async function keepGoing(
  work: EndlessWork,
  { clock, log }: KeepGoingOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work(signal);
    } catch (thrown) {
      if (signal.aborted) return;
      log.error(
        { error: toConnectorError(thrown).format() },
        "work in the background failed; it begins anew",
      );
      await clock.sleep(restMs, signal).catch(() => undefined);
    }
  }
}
