import { isDeepStrictEqual } from "node:util";
import type { ConnectorConfig } from "../../config/config.ts";
import type { ScheduledConnector } from "../../schedule/schedule.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";

/** What the scheduler is to know of: every connector that is switched on. */
export function scheduledConnectors(connectors: readonly ConnectorConfig[]): ScheduledConnector[] {
  return connectors
    .filter(({ enabled }) => enabled)
    .map(({ id, schedule }) => ({ connectorId: id, schedule }));
}

/** Brings a running scheduler in line with the connectors there are now. A run that is under way goes on. Throws `SCHEDULE_INVALID`. */
export async function alignSchedules(
  scheduler: Pick<SchedulerService, "list" | "put" | "remove">,
  connectors: readonly ConnectorConfig[],
): Promise<void> {
  const wanted = new Map(scheduledConnectors(connectors).map((each) => [each.connectorId, each]));
  const known = new Map(scheduler.list().map(({ state, schedule }) => [state.connectorId, schedule]));
  for (const id of known.keys()) {
    if (!wanted.has(id)) await scheduler.remove(id);
  }
  for (const [id, connector] of wanted) {
    if (!isDeepStrictEqual(known.get(id), connector.schedule)) await scheduler.put(connector);
  }
}
