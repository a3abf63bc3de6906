import type { App } from "../app.ts";
import { ConnectorError } from "../errors/connector-error.ts";

/** For what only a connector that the scheduler knows can do. Throws `CONNECTOR_UNKNOWN`, `CONNECTOR_DISABLED`. */
export function requireEnabled(app: App, id: string): void {
  if (app.connector(id).enabled) return;
  throw new ConnectorError("CONNECTOR_DISABLED", `connector "${id}" is switched off`, { subject: id });
}

/** How asking the scheduler for something may end, in this process or in another. */
export const schedulingErrors = ["CONNECTOR_UNKNOWN", "CONNECTOR_DISABLED", "SCHEDULER_ELSEWHERE"] as const;
