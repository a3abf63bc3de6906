import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { describeHolder } from "../../kernel/util/process-lock.ts";
import { isDead, thisPlace } from "../../kernel/util/process-place.ts";
import type { ConnectorHolder, ConnectorLock } from "../state-manager.ts";
import type { PostgresAccess } from "./postgres-access.ts";
import { numberOf, type SqlClient, type TableNames } from "./sql-pool.ts";
import { keyOf } from "./stored-text.ts";

/** How often a process says that it lives, and after how long a silence it counts as dead. Milliseconds. */
const heartbeatMs = 5_000;
const silenceMs = 20_000;

interface Held {
  token: number;
}

/**
 * Who works on what, over all machines. A process that has the state open for writing has a row that it renews; a connector is leased to a process and
 * free once that is silent for too long, or is known to be dead. A process that was only slow may wake up after that: each lease has a token that grows
 * with every holder, and while a process has not given a lease back its changes of that connector are refused unless the token is still its own
 * (`require`). So it takes no lock of one machine, and none that hangs on a connection. All times are the database's.
 */
export class Leases {
  readonly #t: TableNames;
  readonly #access: PostgresAccess;
  readonly #clock: Clock;
  readonly #id = randomUUID();
  readonly #since: number;
  readonly #held = new Map<string, Held>();
  /** Tokens of leases that could not be given back: the server was away. Whoever lives would hold them for ever. */
  readonly #left = new Map<string, number>();
  /** The connectors that a transaction has asked for already: the lock of their row stays until it ends. */
  readonly #asked = new WeakMap<SqlClient, Set<string>>();
  #heartbeat: NodeJS.Timeout | null = null;
  #schedules = false;

  constructor(tables: TableNames, access: PostgresAccess, clock: Clock) {
    this.#t = tables;
    this.#access = access;
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** Makes this process known, until `leave`. */
  async join(): Promise<void> {
    await this.#access.change(async (client) => {
      await this.#removeSilent(client);
      await this.#appear(client);
    });
    this.#heartbeat = setInterval(() => void this.#beat(), heartbeatMs);
    this.#heartbeat.unref();
  }

  /** Gives all leases back. */
  async leave(client: SqlClient): Promise<void> {
    if (this.#heartbeat === null) return;
    clearInterval(this.#heartbeat);
    this.#held.clear();
    await client.query(`UPDATE ${this.#t.lease} SET process_id = NULL WHERE process_id = $1`, [this.#id]);
    await client.query(`DELETE FROM ${this.#t.process} WHERE id = $1`, [this.#id]);
  }

  /** Throws `CONNECTOR_LOCKED`, naming the holder. */
  async take(connectorId: string, runId?: string): Promise<ConnectorLock> {
    const name = keyOf(connectorId);
    const token = await this.#access.change(async (client) => {
      await this.#appear(client);
      await this.#removeSilent(client);
      const sql = `INSERT INTO ${this.#t.lease} AS held (name, token, process_id, since, run_id) VALUES ($1, 1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE SET token = held.token + 1, process_id = excluded.process_id, since = excluded.since, run_id = excluded.run_id
        WHERE held.process_id IS NULL OR NOT EXISTS (SELECT 1 FROM ${this.#t.process} AS process WHERE process.id = held.process_id)
        RETURNING token`;
      const { rows } = await client.query(sql, [name, this.#id, this.#clock.now(), runId ?? null]);
      return rows[0] === undefined ? null : numberOf(rows[0].token);
    });
    if (token === null) throw lockedBy(await this.holderOf(connectorId), connectorId);
    const held: Held = { token };
    this.#held.set(name, held);
    return {
      release: async () => {
        if (this.#held.get(name) !== held) return;
        this.#left.set(name, token);
        await this.#giveBack().finally(() => this.#held.delete(name));
      },
    };
  }

  /**
   * For a change of what these connectors own: throws `CONNECTOR_LEASE_LOST` when one of them was leased to this process and is another's now. The row stays
   * as it is until the change is durable, so that nobody takes the lease meanwhile.
   */
  async require(client: SqlClient, connectorIds: Iterable<string>): Promise<void> {
    const asked = this.#asked.get(client) ?? new Set();
    this.#asked.set(client, asked);
    for (const connectorId of new Set(connectorIds)) {
      const held = this.#held.get(keyOf(connectorId));
      if (held === undefined || asked.has(connectorId)) continue;
      const sql = `SELECT 1 FROM ${this.#t.lease} WHERE name = $1 AND token = $2 AND process_id = $3 FOR SHARE`;
      const { rows } = await client.query(sql, [keyOf(connectorId), held.token, this.#id]);
      if (rows.length > 0) {
        asked.add(connectorId);
        continue;
      }
      const message = `connector "${connectorId}" was taken over by another process while this one did not answer`;
      throw new ConnectorError("CONNECTOR_LEASE_LOST", message, { subject: connectorId });
    }
  }

  /** Null while nobody holds it. Writes nothing. */
  async holderOf(connectorId: string): Promise<ConnectorHolder | null> {
    const sql = `SELECT process.name, process.place, lease.since, lease.run_id FROM ${this.#t.lease} AS lease
      JOIN ${this.#t.process} AS process ON process.id = lease.process_id WHERE lease.name = $1 AND ${alive}`;
    const { rows } = await this.#access.read((client) => client.query(sql, [keyOf(connectorId)]));
    const [found] = rows.filter(({ place }) => !isDead(String(place)));
    return found === undefined ? null : holderOf(found);
  }

  /** How many connectors are leased to a process that lives. */
  async count(client: SqlClient): Promise<number> {
    const sql = `SELECT count(*) AS leased FROM ${this.#t.lease} AS lease
      JOIN ${this.#t.process} AS process ON process.id = lease.process_id WHERE ${alive}`;
    return numberOf((await client.query(sql)).rows[0]?.leased);
  }

  async announceScheduler(): Promise<void> {
    this.#schedules = true;
    await this.#access.change((client) => this.#appear(client));
  }

  async schedulers(): Promise<ConnectorHolder[]> {
    return (await this.#living()).filter(({ schedules }) => schedules === true).map(holderOf);
  }

  async isInUse(): Promise<boolean> {
    return (await this.#living()).length > 0;
  }

  #living(): Promise<Record<string, unknown>[]> {
    return this.#access.read((client) => livingProcesses(client, this.#t));
  }

  /** A silent process that lives comes back with its next heartbeat; its leases stay its own until another one takes them. */
  async #beat(): Promise<void> {
    await this.#access
      .change((client) => this.#appear(client))
      .then(() => this.#giveBack())
      .catch(() => undefined);
  }

  /** Whatever is to be given back; of a token that has grown since, the lease is another's. It is on the list until the server has said that it is done. */
  async #giveBack(): Promise<void> {
    const left = [...this.#left];
    if (left.length === 0) return;
    const sql = `UPDATE ${this.#t.lease} AS lease SET process_id = NULL FROM unnest($1::text[], $2::bigint[]) AS gone (name, token)
      WHERE lease.name = gone.name AND lease.token = gone.token`;
    await this.#access.change(async (client) => {
      await client.query(sql, [left.map(([name]) => name), left.map(([, token]) => token)]);
    });
    for (const [name, token] of left) if (this.#left.get(name) === token) this.#left.delete(name);
  }

  async #appear(client: SqlClient): Promise<void> {
    const sql = `INSERT INTO ${this.#t.process} (id, name, since, place, schedules, seen_at) VALUES ($1, $2, $3, $4, $5, now())
      ON CONFLICT (id) DO UPDATE SET schedules = excluded.schedules, seen_at = now()`;
    const name = `process ${process.pid} on ${hostname()}`;
    await client.query(sql, [this.#id, name, this.#since, thisPlace(), this.#schedules]);
  }

  /** Processes that are silent for too long, and those of this machine that have died. */
  async #removeSilent(client: SqlClient): Promise<void> {
    const { rows } = await client.query(
      `SELECT id, place, ${alive} AS is_alive FROM ${this.#t.process} AS process`,
    );
    const gone = rows.filter(({ place, is_alive: isAlive }) => isAlive !== true || isDead(String(place)));
    if (gone.length === 0) return;
    await client.query(`DELETE FROM ${this.#t.process} WHERE id = ANY ($1::text[])`, [
      gone.map(({ id }) => id),
    ]);
  }
}

/** The processes that have the state open for writing, the one that began first before the others. */
export async function livingProcesses(
  client: SqlClient,
  { process: table }: TableNames,
): Promise<Record<string, unknown>[]> {
  const sql = `SELECT name, place, since, schedules FROM ${table} AS process WHERE ${alive} ORDER BY since, id`;
  const { rows } = await client.query(sql);
  return rows.filter(({ place }) => !isDead(String(place)));
}

const alive = `process.seen_at > now() - interval '${silenceMs} milliseconds'`;

function holderOf({ name, since, run_id: runId }: Record<string, unknown>): ConnectorHolder {
  const at = numberOf(since);
  const shown = `${name} since ${new Date(at).toISOString()}`;
  return { name: shown, since: at, runId: typeof runId === "string" ? runId : null };
}

function lockedBy(holder: ConnectorHolder | null, connectorId: string): ConnectorError {
  const message = `connector "${connectorId}" is being worked on by ${holder?.name ?? describeHolder(null)}`;
  return new ConnectorError("CONNECTOR_LOCKED", message, {
    subject: connectorId,
    ...(holder?.runId === null && { hint: `wait until it ends; if it stands still, end ${holder.name}` }),
  });
}
