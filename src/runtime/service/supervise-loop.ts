import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Logger } from "../../observe/logs.ts";

/** Wait before failed work is restarted. Milliseconds. */
const restMs = 60_000;

/** Background work that ends only with the signal. */
export type EndlessWork = (signal: AbortSignal) => Promise<void>;

export interface SuperviseLoopOptions {
  clock: Clock;
  log: Logger;
}

/**
 * Runs the work until the signal aborts. A failure (a state store that is unreadable for a while) is logged, and the work is restarted.
 */
export async function superviseLoop(
  work: EndlessWork,
  { clock, log }: SuperviseLoopOptions,
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
