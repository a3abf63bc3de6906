import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { mediumId, type UnreadMedium, type UnreadMediumStore } from "../kernel/util/unread-medium.ts";
import { auditOverTables } from "./audit-over-tables.ts";
import { erasuresOverTables } from "./erasures-over-tables.ts";
import type { NotificationStore, StoredAlert, StoredDelivery } from "./notification-store.ts";
import type { RecordCollection } from "./ownership.ts";
import { forgetPushedText } from "./pushed-over-tables.ts";
import type {
  ApiKeyStore,
  ConnectorStore,
  PerConnector,
  RecordStores,
  SessionRealm,
  SessionStore,
  SharePart,
  ShareStore,
  StoredApiKey,
  StoredConnector,
  StoredSession,
} from "./record-stores.ts";
import { requestsOverTables } from "./requests-over-tables.ts";
import { requireVersion, requireWellFormed } from "./row-rules.ts";
import type { RecordTable, StateTables, TableAccess } from "./state-tables.ts";

type RecordAccess = TableAccess<RecordTable>;

/** The small collections of the embedded backends, all in one table. */
export function recordsOverTables(all: TableAccess<Pick<StateTables, "records" | "pushed">>): RecordStores {
  const access: RecordAccess = { ...all, table: all.table.records };
  return {
    connectors: connectors(access),
    apiKeys: apiKeys(access),
    sessions: sessions(access),
    budgets: perConnector(access, "budget"),
    reconciliations: perConnector(access, "reconciliation"),
    backfills: perConnector(access, "backfill"),
    erasures: erasuresOverTables(access, (key) => forgetPushedText(all.table, key)),
    unreadMedia: embeddedUnreadMedia(access),
    scheduleRequests: requestsOverTables(access),
    shares: shares(access),
    notifications: embeddedNotifications(access),
    audit: auditOverTables(access),
  };
}

function connectors({ table, read, change }: RecordAccess): ConnectorStore {
  const find = (id: string) => (table.get("connector", id) ?? null) as StoredConnector | null;
  return {
    list: () => read(() => table.list("connector") as StoredConnector[]),
    get: (id) => read(() => find(id)),
    save: async (connector) => {
      requireWellFormed(connector.id);
      const copy = structuredClone(connector);
      return change(() => {
        requireVersion(`connector "${copy.id}"`, copy, find(copy.id));
        const saved = { ...copy, version: copy.version + 1 };
        table.save("connector", copy.id, saved);
        return saved;
      });
    },
    remove: (id) => change(() => table.remove("connector", id)),
  };
}

function apiKeys({ table, read, change }: RecordAccess): ApiKeyStore {
  return {
    list: () => read(() => table.list("api-key") as StoredApiKey[]),
    save: async (keys) => {
      requireWellFormed(...keys.map(({ id }) => id));
      const copies = structuredClone(keys);
      await change(() => copies.forEach((key) => void table.save("api-key", key.id, key)));
    },
    touch: (id, usedAt) =>
      change(() => {
        const stored = table.get("api-key", id) as StoredApiKey | undefined;
        if (stored !== undefined && (stored.usedAt ?? 0) < usedAt)
          table.save("api-key", id, { ...stored, usedAt });
      }),
  };
}

function shares({ table, read, change }: RecordAccess): ShareStore {
  const partsOf = (name: string) =>
    (table.get("share", name) as { parts: readonly SharePart[] } | undefined)?.parts ?? [];
  return {
    change: async (name, changeOf) => {
      const stored = await read(() => partsOf(name));
      if (isDeepStrictEqual(changeOf(stored), stored)) return stored;
      return change(() => {
        const parts = changeOf(partsOf(name));
        if (parts.length === 0) table.remove("share", name);
        else table.save("share", name, { parts });
        return parts;
      });
    },
  };
}

function sessions({ table, read, change }: RecordAccess): SessionStore {
  const realmId = "realm";
  const storedRealm = () => (table.get("session-realm", realmId) as SessionRealm | undefined)?.name ?? null;
  const newRealm = (name: string) => {
    table.save("session-realm", realmId, { name } satisfies SessionRealm);
    return name;
  };
  const find = (id: string) => (table.get("session", id) ?? null) as StoredSession | null;
  return {
    realm: async () => {
      const stored = await read(storedRealm);
      if (stored !== null) return stored;
      // Outside of the unit, which has to do the same whenever it is run.
      const name = randomBytes(4).toString("hex");
      return change(() => storedRealm() ?? newRealm(name));
    },
    list: () => read(() => table.list("session") as StoredSession[]),
    get: (id) => read(() => find(id)),
    save: async (session) => {
      requireWellFormed(session.id);
      const copy = structuredClone(session);
      await change(() => table.save("session", copy.id, copy));
    },
    touch: (id, seenAt) =>
      change(() => {
        const stored = find(id);
        if (stored !== null && stored.seenAt < seenAt) table.save("session", id, { ...stored, seenAt });
      }),
    remove: (ids) => change(() => ids.forEach((id) => void table.remove("session", id))),
  };
}

function perConnector<Kept extends { connectorId: string }>(
  { table, read, change }: RecordAccess,
  collection: RecordCollection,
): PerConnector<Kept> {
  return {
    get: (connectorId) => read(() => (table.get(collection, connectorId) ?? null) as Kept | null),
    save: async (record) => {
      requireWellFormed(record.connectorId);
      const copy = structuredClone(record);
      await change(() => table.save(collection, copy.connectorId, copy));
    },
  };
}

/** The unread media of the embedded backends, in the table of the small collections. */
function embeddedUnreadMedia({ table, read, change }: TableAccess<RecordTable>): UnreadMediumStore {
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

function embeddedNotifications({ table, read, change }: TableAccess<RecordTable>): NotificationStore {
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
