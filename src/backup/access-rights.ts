import { withoutSecrets } from "../config/secret-origins.ts";
import type { StoredApiKey, StoredConnector } from "../state/record-stores.ts";
import type { StateEntry } from "../state/state-content.ts";

/** What an archive would bring besides data: who may do what, and what is done on whose behalf. */
export interface BroughtRights {
  /** Connectors that were made through the API. */
  connectors: string[];
  keys: BroughtKey[];
  /** Of the connectors, as `connector: setting`. */
  secrets: string[];
}

interface BroughtKey {
  id: string;
  name: string;
  role: string;
}

/**
 * Goes through what an archive holds. Keys to the API, and the secrets of connectors, come in only when they were asked for: an archive
 * may be anybody's, and nobody reads it before it is in force. What comes in, or stays out, is named.
 */
export class AccessRights {
  readonly found: BroughtRights = { connectors: [], keys: [], secrets: [] };
  private readonly comeIn: boolean;

  constructor(comeIn: boolean) {
    this.comeIn = comeIn;
  }

  /** The entry as it is to be restored; null when it stays out. */
  pass(entry: StateEntry): StateEntry | null {
    if (entry.section !== "records") return entry;
    const { collection, content } = entry.record;
    if (collection === "api-key") {
      const { id, name, role } = content as StoredApiKey;
      this.found.keys.push({ id: String(id), name: String(name), role: String(role) });
      return this.comeIn ? entry : null;
    }
    if (collection !== "connector") return entry;
    return { ...entry, record: { ...entry.record, content: this.connector(content as StoredConnector) } };
  }

  private connector(stored: StoredConnector): StoredConnector {
    this.found.connectors.push(String(stored.id));
    const { settings, left } = withoutSecrets(stored.settings);
    this.found.secrets.push(...left.map((path) => `${stored.id}: ${path}`));
    return this.comeIn ? stored : { ...stored, settings };
  }
}
