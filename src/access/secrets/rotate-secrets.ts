import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ConnectorStore, StoredConnector } from "../../state/record-stores.ts";
import { opened, sealedBy } from "./sealed-connector-store.ts";
import { inventoryOf, type SecretNames } from "./sealed-settings.ts";
import type { SecretKeys } from "./secret-key.ts";

export interface RotateOptions {
  /** The store itself, with sealed records. */
  store: ConnectorStore;
  /** Every key that opens something; null when none is configured. */
  keys: SecretKeys | null;
  /** What is to be sealed. */
  names: SecretNames;
  /** False brings plain secrets back. */
  encrypt: boolean;
}

export interface Rotation {
  /** Ids of connectors that were saved anew. */
  changed: string[];
  /** How many stood as they should, or hold no secret. */
  unchanged: number;
}

/**
 * Brings every stored secret into the form that the configuration asks for: sealed with the first key, or plain. Everything is opened
 * before anything is saved, so a missing key changes nothing. Each record is replaced whole and durably: killed at any moment, every
 * record can be read with the keys in use, and calling it again does the rest. Throws `SECRETS_*` and what the store throws.
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
      // Somebody changed or removed it meanwhile.
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
