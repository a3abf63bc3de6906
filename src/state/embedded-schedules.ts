import { requireWellFormed } from "./row-rules.ts";
import type { ScheduleStore } from "./schedule-state.ts";
import type { ScheduleStateTable, TableAccess } from "./state-tables.ts";

/** The schedule states of the embedded backends. */
export function embeddedSchedules({ table, read, change }: TableAccess<ScheduleStateTable>): ScheduleStore {
  return {
    listSchedules: () => read(() => table.list()),
    schedulesVersion: () => read(() => table.version()),
    changeSchedules: async (changes) => {
      requireWellFormed(...changes.keys());
      return change(() =>
        Array.from(changes).flatMap(([connectorId, changeOf]) => {
          const changed = changeOf(table.get(connectorId));
          if (changed !== null) table.save(changed);
          return changed ?? [];
        }),
      );
    },
    removeSchedule: (connectorId) => change(() => table.remove(connectorId)),
  };
}
