import type { NotificationStore, StoredAlert, StoredDelivery } from "./notification-store.ts";
import { requireVersion, requireWellFormed } from "./row-rules.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

export function embeddedNotifications({ table, read, change }: TableAccess<RecordTable>): NotificationStore {
  const alert = (id: string) => (table.get("alert", id) ?? null) as StoredAlert | null;
  const delivery = (id: string) => (table.get("delivery", id) ?? null) as StoredDelivery | null;
  return {
    listAlerts: () => read(() => table.list("alert") as StoredAlert[]),
    enqueue: async (alerts, deliveries) => {
      requireWellFormed(...[...alerts, ...deliveries].map(({ id }) => id));
      const copies = structuredClone({ alerts, deliveries });
      await change(() => {
        for (const each of copies.alerts) {
          requireVersion(`alert "${each.id}"`, each, alert(each.id));
          table.save("alert", each.id, { ...each, version: each.version + 1 });
        }
        for (const each of copies.deliveries) table.save("delivery", each.id, each);
      });
    },
    removeAlerts: (ids) => change(() => ids.forEach((id) => void table.remove("alert", id))),
    listDeliveries: () => read(() => table.list("delivery") as StoredDelivery[]),
    claimDelivery: (id, now, until) =>
      change(() => {
        const stored = delivery(id);
        // A claim beyond the maximum duration was made with a wrong clock.
        if (stored === null || (stored.claimedUntil > now && stored.claimedUntil <= until)) return null;
        const claimed = { ...stored, claimedUntil: until };
        table.save("delivery", id, claimed);
        return claimed;
      }),
    saveDelivery: (changed) => {
      const copy = structuredClone(changed);
      return change(() => {
        if (delivery(copy.id) !== null) table.save("delivery", copy.id, copy);
      });
    },
    removeDeliveries: (ids) => change(() => ids.forEach((id) => void table.remove("delivery", id))),
  };
}
