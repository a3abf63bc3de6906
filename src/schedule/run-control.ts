/** What people ask of the scheduler, whichever process it works in. A connector that is not there is `CONNECTOR_UNKNOWN`. */
export interface RunControl {
  /** Runs a connector now. Resolves to the id of the run; throws `RUN_ACTIVE` or `SCHEDULER_STOPPED`. */
  trigger(connectorId: string, options?: { force?: boolean }): string | Promise<string>;
  /** Cancels the run that is queued or under way. Resolves to its id; throws `RUN_NOT_ACTIVE`. */
  cancel(connectorId: string): string | Promise<string>;
  /** Durable when it resolves. */
  pause(connectorId: string): Promise<void>;
  /** Durable when it resolves. */
  resume(connectorId: string): Promise<void>;
}
