import { mediumId, type UnreadMedium, type UnreadMediumStore } from "../kernel/util/unread-medium.ts";
import { requireWellFormed } from "./row-rules.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

/** The unread media of the embedded backends, in the table of the small collections. */
export function embeddedUnreadMedia({ table, read, change }: TableAccess<RecordTable>): UnreadMediumStore {
  return {
    get: (key) => read(() => (table.get("unread-medium", mediumId(key)) ?? null) as UnreadMedium | null),
    list: (connectorId) =>
      read(() => {
        const all = table.list("unread-medium") as UnreadMedium[];
        return all.filter((medium) => medium.connectorId === connectorId);
      }),
    save: async (media) => {
      for (const medium of media) requireWellFormed(medium.connectorId, medium.contextId, medium.memoryId);
      const copies = structuredClone(media);
      await change(() =>
        copies.forEach((medium) => void table.save("unread-medium", mediumId(medium), medium)),
      );
    },
    remove: (keys) => {
      const ids = keys.map(mediumId);
      return change(() => {
        const known = ids.filter((id) => table.get("unread-medium", id) !== undefined);
        for (const id of known) table.remove("unread-medium", id);
        return known.length;
      });
    },
  };
}
