import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { AlertChange } from "./decide.ts";

export interface AlertEvents {
  /** An alert began, lasts (a reminder) or ended; it is on its way to its channels. */
  "alert:change": AlertChange;
  /** Rules could not be judged. They are again later. */
  "alert:judge-failed": { error: ConnectorError };
}
