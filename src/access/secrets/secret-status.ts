import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { ConnectorStore, StoredConnector } from "../../state/record-stores.ts";
import { opened } from "./sealed-connector-store.ts";
import { inventoryOf, type SecretNames } from "./sealed-settings.ts";
import type { SecretKeys } from "./secret-key.ts";

/** How the secrets of one connector are stored. */
export interface SecretRecord {
  connectorId: string;
  plain: number;
  sealed: { keyId: string; secrets: number }[];
  /** Why the configured keys cannot open it; null when they can. */
  problem: { code: string; message: string; hint: string } | null;
}

/** The connectors in the state store that have secrets, by id. Read-only. `store` is the one with sealed records. */
export async function secretRecords(
  store: ConnectorStore,
  keys: SecretKeys | null,
  names: SecretNames,
): Promise<SecretRecord[]> {
  const records = (await store.list()).map((connector) => recordOf(connector, keys, names));
  return records.filter(({ plain, sealed }) => plain + sealed.length > 0);
}

function recordOf(connector: StoredConnector, keys: SecretKeys | null, names: SecretNames): SecretRecord {
  const { plain, sealed } = inventoryOf(connector.settings, names);
  return {
    connectorId: connector.id,
    plain,
    sealed: [...sealed].map(([keyId, secrets]) => ({ keyId, secrets })),
    problem: problemOf(connector, keys),
  };
}

function problemOf(connector: StoredConnector, keys: SecretKeys | null): SecretRecord["problem"] {
  try {
    opened(connector, keys);
    return null;
  } catch (thrown) {
    const { code, message, hint } = toConnectorError(thrown);
    return { code, message, hint };
  }
}
