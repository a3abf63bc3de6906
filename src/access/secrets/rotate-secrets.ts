import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ConnectorStore, StoredConnector } from "../../state/record-stores.ts";
import { opened, sealedBy } from "./sealed-connector-store.ts";
import { inventoryOf, type SecretNames } from "./sealed-settings.ts";
import type { SecretKeys } from "./secret-key.ts";

export interface RotateOptions {
  /** The underlying store, with sealed records. */
  store: ConnectorStore;
  /** All configured keys; null when there are none. */
  keys: SecretKeys | null;
  /** The names of the secret settings. */
  names: SecretNames;
  /** False restores plain secrets. */
  encrypt: boolean;
}

export interface Rotation {
  /** Ids of the connectors that were saved again. */
  changed: string[];
  /** Number of connectors already in the required form, or without secrets. */
  unchanged: number;
}

/**
 * Converts every stored secret to the form that the configuration requires: sealed with the first key, or plain. All records are
 * opened before any is saved, so a missing key changes nothing. Each record is replaced atomically: after a crash every record can
 * be read with the configured keys, and another call does the rest. Throws `SECRETS_*` and the store's errors.
 */
export async function rotateSecrets({ store, keys, names, encrypt }: RotateOptions): Promise<Rotation> {
  const target = encrypt ? keys : null;
  const stored = await store.list();
  for (const connector of stored) opened(connector, keys);
  const changed: string[] = [];
  for (const connector of stored) {
    if (await renew(connector)) changed.push(connector.id);
  }
  return { changed, unchanged: stored.length - changed.length };

  async function renew(connector: StoredConnector): Promise<boolean> {
    if (isAsWanted(connector, names, target)) return false;
    try {
      await store.save(sealedBy(target, opened(connector, keys), names));
      return true;
    } catch (thrown) {
      if (!isConnectorError(thrown, "STATE_CONFLICT")) throw thrown;
      // Changed or removed concurrently.
      const current = await store.get(connector.id);
      return current !== null && renew(current);
    }
  }
}

function isAsWanted({ settings }: StoredConnector, names: SecretNames, target: SecretKeys | null): boolean {
  const { plain, sealed } = inventoryOf(settings, names);
  if (target === null) return sealed.size === 0;
  return plain === 0 && [...sealed.keys()].every((id) => id === target.sealing.id);
}
