import { embeddedAudit } from "./embedded-audit.ts";
import { embeddedErasures } from "./embedded-erasures.ts";
import { embeddedNotifications } from "./embedded-notifications.ts";
import { embeddedRequests } from "./embedded-requests.ts";
import { embeddedUnreadMedia } from "./embedded-unread-media.ts";
import type { RecordCollection } from "./ownership.ts";
import type {
  ApiKeyStore,
  ConnectorStore,
  PerConnector,
  RecordStores,
  StoredApiKey,
  StoredConnector,
} from "./record-stores.ts";
import { requireVersion, requireWellFormed } from "./row-rules.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

type RecordAccess = TableAccess<RecordTable>;

/** The small collections of the embedded backends, all in one table. */
export function embeddedRecords(access: RecordAccess): RecordStores {
  return {
    connectors: connectors(access),
    apiKeys: apiKeys(access),
    budgets: perConnector(access, "budget"),
    reconciliations: perConnector(access, "reconciliation"),
    backfills: perConnector(access, "backfill"),
    erasures: embeddedErasures(access),
    unreadMedia: embeddedUnreadMedia(access),
    scheduleRequests: embeddedRequests(access),
    notifications: embeddedNotifications(access),
    audit: embeddedAudit(access),
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
