import { closeAll } from "../kernel/util/run-together.ts";

interface Closable {
  close(): Promise<void>;
}

interface Shared<Settings, Client> {
  settings: Settings;
  client: Promise<Client>;
  /** The client; null until it is built. */
  built: Client | null;
  users: number;
  /** Unreferenced by the current settings: its last user closes it. */
  retired: boolean;
}

export interface SharedClientsOptions<Settings, Client> {
  /** The part of the settings that identifies a client. */
  identity: (settings: Settings) => unknown;
  build: (settings: Settings) => Promise<Client>;
}

/**
 * Clients by their settings: equal settings share a client, and with it its rate limit and circuit breaker. A client is closed when
 * the current settings no longer reference it and it is idle.
 */
export class SharedClients<Settings, Client extends Closable> {
  readonly #entries = new Map<string, Shared<Settings, Client>>();
  readonly #options: SharedClientsOptions<Settings, Client>;

  constructor(options: SharedClientsOptions<Settings, Client>) {
    this.#options = options;
  }

  /** The client stays open at least until `work` has ended. */
  async use<Result>(settings: Settings, work: (client: Client) => Promise<Result>): Promise<Result> {
    const key = this.#keyOf(settings);
    const entry = this.#entries.get(key) ?? this.#add(key, settings);
    entry.users += 1;
    try {
      return await work(await entry.client);
    } finally {
      entry.users -= 1;
      await closeUnused(entry);
    }
  }

  /** Replaces the current settings. */
  async keepOnly(current: readonly Settings[]): Promise<void> {
    const wanted = new Set(current.map((settings) => this.#keyOf(settings)));
    const retired = [...this.#entries].filter(([key]) => !wanted.has(key));
    for (const [key, entry] of retired) {
      this.#entries.delete(key);
      entry.retired = true;
    }
    await closeAll(retired.map(([, entry]) => ({ close: () => closeUnused(entry) })));
  }

  /** The built clients of the current settings. */
  list(): { settings: Settings; client: Client }[] {
    return Array.from(this.#entries.values()).flatMap(({ settings, built: client }) =>
      client === null ? [] : [{ settings, client }],
    );
  }

  /** Closes all clients, idle or not. */
  async close(): Promise<void> {
    await Promise.allSettled(Array.from(this.#entries.values(), ({ client }) => client));
    await closeAll(this.list().map(({ client }) => client));
  }

  #keyOf(settings: Settings): string {
    return JSON.stringify(this.#options.identity(settings));
  }

  #add(key: string, settings: Settings): Shared<Settings, Client> {
    const client = this.#options.build(settings);
    const entry: Shared<Settings, Client> = { settings, client, built: null, users: 0, retired: false };
    this.#entries.set(key, entry);
    client.then(
      (built) => {
        entry.built = built;
      },
      // The next call tries again.
      () => this.#entries.delete(key),
    );
    return entry;
  }
}

async function closeUnused(entry: Shared<unknown, Closable>): Promise<void> {
  if (entry.retired && entry.users === 0) await entry.built?.close();
}
