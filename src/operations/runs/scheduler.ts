import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { RunControl } from "../../schedule/run-control.ts";
import type { OperationContext } from "../operation-context.ts";

/** Errors of a request to the scheduler, in this or another process. */
export const schedulingErrors = ["CONNECTOR_UNKNOWN", "CONNECTOR_DISABLED", "SCHEDULER_ELSEWHERE"] as const;

/**
 * The scheduler's control, for a connector that it schedules. Throws `CONNECTOR_UNKNOWN`, `CONNECTOR_DISABLED`, and
 * `SERVICE_UNREACHABLE` without a service.
 */
export function schedulerOf({ services, service }: OperationContext, connectorId: string): RunControl {
  if (!services.connector(connectorId).enabled) {
    const message = `connector "${connectorId}" is switched off`;
    throw new ConnectorError("CONNECTOR_DISABLED", message, { subject: connectorId });
  }
  if (service === null) throw new ConnectorError("SERVICE_UNREACHABLE", "no service runs here");
  return service.control;
}
