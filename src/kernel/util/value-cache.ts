/** What a cache holds: plain data that survives JSON. */
export type CacheValue = string | number | boolean | null | CacheValue[] | { [name: string]: CacheValue };

/**
 * The port to answers that cost time or money to get again: place names, transcriptions. Contract:
 * - `get` resolves to what was last put under the key, equal but not the same object, or to undefined.
 * - A cache that has lost an entry, or everything, is no error: the answer is then got again, and may differ.
 * - Entries may stem from another version of the program: the reader checks their shape.
 */
export interface ValueCache {
  get(key: string): Promise<CacheValue | undefined>;
  put(key: string, value: CacheValue): Promise<void>;
  /** Removes the entries whose keys begin with this text, and resolves to what they held. */
  removeBeginning(prefix: string): Promise<CacheValue[]>;
}

/** Keeps the entries that were last put, in memory. `toJSON` and the constructor carry them over a restart. */
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
