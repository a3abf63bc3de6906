import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { AlertChange } from "./decide.ts";

export interface AlertEvents {
  /** An alert began, lasts (a reminder) or ended; its messages are queued. */
  "alert:change": AlertChange;
  /** Rules could not be evaluated. They are again later. */
  "alert:judge-failed": { error: ConnectorError };
}
