import type { RunRecord } from "../domain/run-record.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { SkipReason } from "./planning.ts";

interface OfConnector {
  connectorId: string;
}

/** Everything the scheduler tells the world: logs, metrics and the live API listen. Times are milliseconds since the epoch. */
export interface SchedulerEvents {
  /** A run was handed out; it starts as soon as the limit on concurrent connectors allows. `latenessMs` is null unless it was due. */
  "schedule:dispatch": OfConnector & {
    runId: string;
    trigger: RunRecord["trigger"];
    latenessMs: number | null;
  };
  /** A due time passed without a run. */
  "schedule:skip": OfConnector & { reason: SkipReason; dueAt: number };
  /** A run that was handed out did not come about, or broke off without a record. */
  "schedule:run-failed": OfConnector & { runId: string; error: ConnectorError };
  "schedule:change": OfConnector & { change: "added" | "changed" | "removed" | "paused" | "resumed" };
  /** The scheduler met something that it did not expect. It goes on. */
  "schedule:failed": { error: ConnectorError };
  /** The machine's clock was set, or the machine slept. Positive: forward. */
  "schedule:clock-jump": { byMs: number };
  /** Due times go on in memory, but are not durable until a later write succeeds. */
  "schedule:store-failed": { error: ConnectorError };
}
