import type { Clock } from "../kernel/util/clock.ts";
import type { Listenable } from "../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../schedule/events.ts";
import type { SyncEvents } from "../sync/events.ts";

/** The last failure of a run or of the scheduler. Failures of single memories are in the ledger. */
export interface LastError {
  /** Milliseconds since the epoch. */
  at: number;
  code: string;
  message: string;
  /** Null when it is not about one connector. */
  connectorId: string | null;
}

/** Remembers the last failed run or failed write of the scheduler. */
export class LastErrorWatch {
  #last: LastError | null = null;

  constructor(events: Listenable<SyncEvents & SchedulerEvents>, clock: Clock) {
    events.on("run:end", ({ record: { outcome, errors, connectorId } }) => {
      const [error] = errors;
      if (outcome === "failed" && error !== undefined) {
        this.#last = { at: clock.now(), code: error.code, message: error.message, connectorId };
      }
    });
    events.on("schedule:run-failed", ({ connectorId, error: { code, message } }) => {
      if (code !== "CANCELLED") this.#last = { at: clock.now(), code, message, connectorId };
    });
    for (const name of ["schedule:store-failed", "schedule:failed"] as const) {
      events.on(name, ({ error: { code, message } }) => {
        this.#last = { at: clock.now(), code, message, connectorId: null };
      });
    }
  }

  get(): LastError | null {
    return this.#last;
  }
}
