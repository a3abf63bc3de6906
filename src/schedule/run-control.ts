import type { RunWish } from "../domain/run-wish.ts";

/** The port to the scheduler, in this or another process. An unknown connector is `CONNECTOR_UNKNOWN`. */
export interface RunControl {
  /** Runs a connector now. Resolves to the id of the run; throws `RUN_ACTIVE` or `SCHEDULER_STOPPED`. */
  trigger(connectorId: string, wish?: RunWish): string | Promise<string>;
  /** Cancels the queued or active run. Resolves to its id; throws `RUN_NOT_ACTIVE`. */
  cancel(connectorId: string): string | Promise<string>;
  /** Durable when it resolves. `note` says why; of a connector that is paused already it replaces the old one. */
  pause(connectorId: string, note?: string): Promise<void>;
  /** Durable when it resolves. */
  resume(connectorId: string): Promise<void>;
}
