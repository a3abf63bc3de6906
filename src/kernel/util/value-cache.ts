/** What a cache holds: plain data that survives JSON. */
export type CacheValue = string | number | boolean | null | CacheValue[] | { [name: string]: CacheValue };

/**
 * The port to cached results that cost time or money: place names, transcriptions. Contract:
 * - `get` resolves to a copy of the last value put under the key, or to undefined.
 * - A lost entry, or a lost cache, is no error: the result is then computed again, and may differ.
 * - Entries may come from another version of the program: the reader validates them.
 */
export interface ValueCache {
  get(key: string): Promise<CacheValue | undefined>;
  put(key: string, value: CacheValue): Promise<void>;
  /** Removes the entries whose keys start with this prefix, and resolves to their values. */
  removeBeginning(prefix: string): Promise<CacheValue[]>;
}

/** In-memory cache of the latest entries. `toJSON` and the constructor carry them over a restart. */
export class MemoryValueCache implements ValueCache {
  readonly #entries: Map<string, string>;
  readonly #maxEntries: number;

  constructor(entries: Readonly<Record<string, CacheValue>> = {}, maxEntries = 100_000) {
    this.#entries = new Map(Object.entries(entries).map(([key, value]) => [key, JSON.stringify(value)]));
    this.#maxEntries = maxEntries;
  }

  async get(key: string): Promise<CacheValue | undefined> {
    const json = this.#entries.get(key);
    return json === undefined ? undefined : JSON.parse(json);
  }

  async put(key: string, value: CacheValue): Promise<void> {
    this.#entries.delete(key);
    this.#entries.set(key, JSON.stringify(value));
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }

  async removeBeginning(prefix: string): Promise<CacheValue[]> {
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix));
    const values = keys.map((key) => JSON.parse(this.#entries.get(key) ?? "null") as CacheValue);
    for (const key of keys) this.#entries.delete(key);
    return values;
  }

  toJSON(): Record<string, CacheValue> {
    return Object.fromEntries(Array.from(this.#entries, ([key, json]) => [key, JSON.parse(json)]));
  }
}
