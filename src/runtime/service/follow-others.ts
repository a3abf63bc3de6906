import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Logger } from "../../observe/logs.ts";
import type { RunControl } from "../../schedule/run-control.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";
import type { Relay, SharedThing } from "../live/relay.ts";

export interface OthersOptions {
  relay: Pick<Relay, "on">;
  /** Reads the thing again. */
  takeUp: Partial<Record<SharedThing, () => Promise<void>>>;
  log: Pick<Logger, "error">;
}

/** Takes up what other processes on the same state have changed, once for all that is told meanwhile. */
export function followOthers({ relay, takeUp, log }: OthersOptions): void {
  for (const [what, read] of Object.entries(takeUp)) {
    const failed = (thrown: unknown) =>
      log.error(
        { error: toConnectorError(thrown).format() },
        `${what} that another process has changed were not read`,
      );
    relay.on(
      what as SharedThing,
      onceMore(() => read().catch(failed)),
    );
  }
}

/** Does the work, and what is asked for while it is under way once more after it. */
function onceMore(work: () => Promise<void>): () => void {
  let isWorking = false;
  let isAsked = false;
  return async () => {
    isAsked = true;
    if (isWorking) return;
    isWorking = true;
    while (isAsked) {
      isAsked = false;
      await work();
    }
    isWorking = false;
  };
}

/** The scheduler of this process, whose pauses the other processes are told of. */
export function toldControl(scheduler: SchedulerService, relay: Pick<Relay, "changed">): RunControl {
  const told = (change: Promise<void>) => change.then(() => relay.changed("schedules"));
  return {
    trigger: (...asked) => scheduler.trigger(...asked),
    cancel: (...asked) => scheduler.cancel(...asked),
    pause: (...asked) => told(scheduler.pause(...asked)),
    resume: (...asked) => told(scheduler.resume(...asked)),
  };
}
