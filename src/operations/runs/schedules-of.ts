import type { ScheduleState } from "../../state/schedule-state.ts";
import type { OperationContext } from "../operation-context.ts";

/**
 * Where the schedule of each connector stands, by its id: as the scheduler has it, or in another process, and for one that the scheduler
 * has not heard of yet, as the state store has it.
 */
export async function schedulesOf({
  services,
  service,
}: Pick<OperationContext, "services" | "service">): Promise<ReadonlyMap<string, Readonly<ScheduleState>>> {
  const stored = await services.state.listSchedules();
  const scheduled = service?.scheduler?.list().map(({ state }) => state) ?? [];
  return new Map([...stored, ...scheduled].map((each) => [each.connectorId, each]));
}
