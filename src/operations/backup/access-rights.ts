import { placesElsewhere, withoutSecrets } from "../../config/secret-origins.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { isMap } from "../../kernel/settings/rules.ts";
import type { RecordCollection } from "../../state/ownership.ts";
import type { StoredApiKey, StoredConnector } from "../../state/record-stores.ts";
import type { StateEntry } from "../../state/state-content.ts";

/** The access rights in an archive: API keys, and connectors with their secrets. */
export interface BroughtRights {
  /** Connectors created through the API. */
  connectors: string[];
  keys: BroughtKey[];
  /** Of the connectors, as `connector: setting`. */
  secrets: string[];
  /** Servers and folders of the connectors that the configuration does not have, as `connector: place`. */
  elsewhere: string[];
}

interface BroughtKey {
  id: string;
  name: string;
  role: string;
}

/**
 * Filters the access rights of an archive on restore. API keys and the secrets of connectors are restored on request only: an
 * archive may come from anybody, and nobody reviews it before it takes effect. A connector that would read from, or deliver to,
 * another server or folder than the configuration's is restored disabled. Everything restored or left out is listed.
 */
export class AccessRights {
  readonly found: BroughtRights = { connectors: [], keys: [], secrets: [], elsewhere: [] };
  readonly #comeIn: boolean;
  readonly #tree: unknown;

  /** `tree`: the settings of the configuration file. */
  constructor(comeIn: boolean, tree: unknown) {
    this.#comeIn = comeIn;
    this.#tree = tree;
  }

  /** The entry to restore; null to leave it out. Throws `ARCHIVE_DAMAGED` for a malformed key or connector. */
  pass(entry: StateEntry): StateEntry | null {
    if (entry.section !== "records") return entry;
    const { collection, content } = entry.record;
    if (isSession(entry)) return null;
    if (collection !== "api-key" && collection !== "connector") return entry;
    if (!isWhole(collection, content))
      throw new ConnectorError("ARCHIVE_DAMAGED", `the archive has a ${collection} without its settings`);
    if (collection === "api-key") {
      const { id, name, role } = content as StoredApiKey;
      this.found.keys.push({ id: String(id), name: String(name), role: String(role) });
      return this.#comeIn ? entry : null;
    }
    return { ...entry, record: { ...entry.record, content: this.#connector(content as StoredConnector) } };
  }

  #connector(stored: StoredConnector): StoredConnector {
    this.found.connectors.push(String(stored.id));
    const { settings, left } = withoutSecrets(stored.settings);
    this.found.secrets.push(...left.map((path) => `${stored.id}: ${path}`));
    const elsewhere = placesElsewhere(stored.settings, this.#tree);
    this.found.elsewhere.push(...elsewhere.map((place) => `${stored.id}: ${place}`));
    if (this.#comeIn) return stored;
    return { ...stored, settings: elsewhere.length === 0 ? settings : { ...settings, enabled: false } };
  }
}

const collectionsOfSessions: readonly string[] = ["session", "session-realm"] satisfies RecordCollection[];

/** A browser's session belongs to the running service: no archive has any, nor brings any in. */
export function isSession(entry: StateEntry): boolean {
  return entry.section === "records" && collectionsOfSessions.includes(entry.record.collection);
}

/** An entry for an archive that may be shared: without API keys and secrets of connectors. Null when nothing is left. */
export function withoutRights(entry: StateEntry): StateEntry | null {
  if (entry.section !== "records") return entry;
  const { collection, content } = entry.record;
  if (collection === "api-key") return null;
  if (collection !== "connector") return entry;
  const stored = content as StoredConnector;
  const { settings } = withoutSecrets(stored.settings);
  return { ...entry, record: { ...entry.record, content: { ...stored, settings } } };
}

function isWhole(collection: "api-key" | "connector", content: unknown): boolean {
  return isMap(content) && (collection === "api-key" || isMap(content.settings));
}
