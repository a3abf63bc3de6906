import type { ConnectorStore, StoredConnector } from "../../state/record-stores.ts";
import {
  inventoryOf,
  type RecordName,
  type SecretNames,
  sealSettings,
  unsealSettings,
} from "./sealed-settings.ts";
import type { SecretKeys } from "./secret-key.ts";
import type { SecretVault } from "./secret-vault.ts";

/**
 * A connector store that seals secrets on save and opens them on read, transparently to its callers. Keys are loaded only when
 * there is something to seal or open. Throws `SECRETS_*` besides the store's errors; nothing was saved then.
 */
export function sealedConnectors(
  store: ConnectorStore,
  vault: SecretVault,
  names: SecretNames,
): ConnectorStore {
  const openAll = async (connectors: readonly StoredConnector[]) => {
    const keys = connectors.some(hasSealed) ? await vault.keys() : null;
    return connectors.map((connector) => opened(connector, keys));
  };
  return {
    list: async () => openAll(await store.list()),
    get: async (id) => {
      const [connector] = await openAll([await store.get(id)].filter((found) => found !== null));
      return connector ?? null;
    },
    save: async (connector) => {
      const saved = await store.save(sealedBy(await vault.sealingKeys(), connector, names));
      return { ...connector, version: saved.version };
    },
    remove: (id) => store.remove(id),
  };
}

/** The record to store: sealed with the first key, or plain without keys. */
export function sealedBy(
  keys: SecretKeys | null,
  connector: StoredConnector,
  names: SecretNames,
): StoredConnector {
  if (keys === null) return connector;
  const settings = sealSettings(connector.settings, names, keys.sealing, recordOf(connector));
  return { ...connector, settings };
}

export function opened(connector: StoredConnector, keys: SecretKeys | null): StoredConnector {
  return { ...connector, settings: unsealSettings(connector.settings, keys, recordOf(connector)) };
}

function hasSealed({ settings }: StoredConnector): boolean {
  return inventoryOf(settings).sealed.size > 0;
}

function recordOf({ id }: StoredConnector): RecordName {
  return ["connector", id];
}
