import type { RunRecord } from "../domain/run-record.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { SkipReason } from "./planning.ts";

interface OfConnector {
  connectorId: string;
}

/** All events of the scheduler, for logs, metrics and the live API. Times are milliseconds since the epoch. */
export interface SchedulerEvents {
  /**
   * A run was dispatched; it starts as soon as the limit on concurrent connectors allows. `latenessMs` is null unless it was due.
   */
  "schedule:dispatch": OfConnector & {
    runId: string;
    trigger: RunRecord["trigger"];
    latenessMs: number | null;
  };
  /** A due time passed without a run. */
  "schedule:skip": OfConnector & { reason: SkipReason; dueAt: number };
  /** A dispatched run did not start, or ended without a record. */
  "schedule:run-failed": OfConnector & { runId: string; error: ConnectorError };
  /** A run that was handed out has ended, and the connector is free for the next. */
  "schedule:run-ended": { record: RunRecord };
  /** A run that a process has left in the middle is gone on with here, under this id. */
  "schedule:failover": OfConnector & { runId: string };
  /** A run that was handed out waits for another process: that one works on the connector's folder. */
  "schedule:left": OfConnector & { runId: string; error: ConnectorError };
  "schedule:change": OfConnector & { change: "added" | "changed" | "removed" | "paused" | "resumed" };
  /** An unexpected error in the scheduler, which continues. */
  "schedule:failed": { error: ConnectorError };
  /** The machine's clock was set, or the machine was suspended. Positive: forward. */
  "schedule:clock-jump": { byMs: number };
  /** Due times are kept in memory, but are not durable until a later write succeeds. */
  "schedule:store-failed": { error: ConnectorError };
}
