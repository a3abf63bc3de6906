import type { ScheduleState } from "../../state/schedule-state.ts";
import type { OperationContext } from "../operation-context.ts";

/** Where the schedule of each connector stands, by its id: as the scheduler has it, or in another process as the state store has it. */
export async function schedulesOf({
  services,
  service,
}: Pick<OperationContext, "services" | "service">): Promise<
  (connectorId: string) => Readonly<ScheduleState> | undefined
> {
  const stored = new Map((await services.state.listSchedules()).map((each) => [each.connectorId, each]));
  const scheduler = service?.scheduler ?? null;
  return (id) => {
    const isScheduled = scheduler !== null && services.connectors.find(id)?.config.enabled === true;
    return isScheduled ? scheduler.status(id).state : stored.get(id);
  };
}
