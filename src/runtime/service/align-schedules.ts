import { isDeepStrictEqual } from "node:util";
import type { ConnectorConfig } from "../../config/config.ts";
import type { ScheduledConnector } from "../../schedule/schedule.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";

/** The connectors for the scheduler: all enabled ones. */
export function scheduledConnectors(connectors: readonly ConnectorConfig[]): ScheduledConnector[] {
  return connectors
    .filter(({ enabled }) => enabled)
    .map(({ id, schedule }) => ({ connectorId: id, schedule }));
}

/** Aligns a running scheduler with the current connectors. Active runs continue. Throws `SCHEDULE_INVALID`. */
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
