import { randomUUID } from "node:crypto";
import type { PgBoss } from "pg-boss";
import type { SharedRun, SharedRunCounts, TakenRun } from "../shared-runs.ts";
import { schemaLock } from "./migrations.ts";
import type { SqlClient, SqlPool } from "./sql-pool.ts";
import { numberOf } from "./sql-pool.ts";
import { keyOf } from "./stored-text.ts";

const queue = "runs";

/** How often this process says of what it holds that it works on it, and looks for what nobody works on any more. Milliseconds. */
const beatMs = 2_500;

const daySeconds = 86_400;

/**
 * What is asked of pg-boss. `exclusive`: one job for each key, whether it waits or is worked on. A job of which nothing was heard for ten seconds, the least
 * that can be asked for, waits again, five times at most. Runs have a limit of time of their own, so that pg-boss's is as long as can be; a run
 * that outlives even that is kept from running twice by its lease. Ended jobs are of no use: the history has the runs.
 */
const queueOptions = {
  heartbeatSeconds: 10,
  expireInSeconds: daySeconds,
  retryLimit: 5,
  retryDelay: 0,
  deleteAfterSeconds: 60,
  retentionSeconds: 365 * daySeconds,
} as const;

type Claim = TakenRun["claim"];

/** As JSON in JSON: no character of an id is one that PostgreSQL refuses. */
interface JobData {
  run: string;
  /** It was given back by a process that had begun it. */
  wasTaken?: boolean;
}

/**
 * The queue of runs, which is pg-boss's: a schema of its own beside that of the state, and no connection of its own. It is loaded by whoever opens it, and no
 * other file knows it. What it is relied on for is in its contract test. Jobs that wait or are worked on are looked at and taken away by our own SQL, since
 * pg-boss has no call for that which would be one step.
 */
export class JobQueue {
  readonly #pool: SqlPool;
  readonly #schema: string;
  readonly #held = new Map<string, Claim>();
  #boss: PgBoss | null = null;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();

  constructor(pool: SqlPool, schema: string) {
    this.#pool = pool;
    this.#schema = jobSchemaOf(schema);
  }

  /** Makes or migrates its tables, and keeps what is held alive from here on. */
  async open(): Promise<void> {
    if (this.#boss !== null) return;
    const { PgBoss } = await import("pg-boss");
    const database = databaseOver(this.#pool);
    await this.#makeSchema(database);
    const boss = new PgBoss({
      db: database,
      schema: this.#schema,
      createSchema: false,
      // Its own timers are as slow as once a minute; the beat asks for what is needed.
      supervise: false,
      schedule: false,
      registerInstance: false,
      reindex: false,
      monitorVacuum: false,
      monitorIntervalSeconds: 1,
      openTelemetry: { enabled: false },
    });
    // Each call tells of its own failure, and what pg-boss does by itself it does again.
    boss.on("error", () => undefined);
    await boss.start();
    await boss.createQueue(queue, { policy: "exclusive", ...queueOptions });
    await boss.updateQueue(queue, queueOptions);
    this.#boss = boss;
    this.#timer = setInterval(() => {
      this.#beating = this.#beat();
    }, beatMs);
    this.#timer.unref();
  }

  /** The runs that wait from now on; those of connectors that have a job already are left out. */
  async insert(client: SqlClient, runs: readonly SharedRun[]): Promise<SharedRun[]> {
    const jobs = new Map(runs.map((run) => [randomUUID() as string, run]));
    if (jobs.size === 0) return [];
    const inserted = await this.#open.insert(
      queue,
      Array.from(jobs, ([id, run]) => jobOf(id, run)),
      { db: databaseOf(client), returnId: true },
    );
    return (inserted ?? []).flatMap((id) => jobs.get(id) ?? []);
  }

  /** The oldest first, of other connectors than these; to be held from the moment that this is durable. */
  async fetch(client: SqlClient, limit: number, except: readonly string[]): Promise<TakenRun[]> {
    const ignoreGroups = except.length > 0 ? except.map(keyOf) : null;
    const jobs = await this.#open.fetch<JobData>(queue, {
      batchSize: limit,
      ignoreGroups,
      db: databaseOf(client),
    });
    return jobs.map(({ id, data, retryCount }) => ({
      ...runOf(data),
      claim: { id, retryCount },
      wasTaken: retryCount > 0 || data.wasTaken === true,
    }));
  }

  hold({ claim }: TakenRun): void {
    this.#held.set(claim.id, claim);
  }

  letGo({ claim }: TakenRun): void {
    this.#held.delete(claim.id);
  }

  /** False when it was another's already. */
  async complete(client: SqlClient, { claim }: TakenRun): Promise<boolean> {
    const answer = await this.#open.complete(queue, claim, null, { db: databaseOf(client) });
    return (answer as { affected: number }).affected > 0;
  }

  /** That it was given back does not count among the times that its process has died. */
  async giveBack(client: SqlClient, taken: TakenRun, hasBegun: boolean): Promise<void> {
    if (!(await this.complete(client, taken))) return;
    const { claim: _, wasTaken: wasTakenBefore, ...run } = taken;
    const job = jobOf(randomUUID(), run);
    const data = { ...job.data, wasTaken: hasBegun || wasTakenBefore };
    await this.#open.insert(queue, [{ ...job, data }], { db: databaseOf(client) });
  }

  /** The jobs that wait or are worked on. */
  async runs(client: SqlClient): Promise<SharedRun[]> {
    const sql = `SELECT data FROM ${this.#jobs} WHERE name = $1 AND state <= 'active'`;
    const { rows } = await client.query(sql, [queue]);
    return rows.map(({ data }) => runOf(data as JobData));
  }

  /** The connector's run that waits, if `wanted`; whoever has taken it meanwhile keeps it. */
  async withdraw(
    client: SqlClient,
    connectorId: string,
    wanted: (run: SharedRun) => boolean,
  ): Promise<SharedRun | null> {
    const waiting = `${this.#jobs} WHERE name = $1 AND singleton_key = $2 AND state < 'active'`;
    const { rows } = await client.query(`SELECT data FROM ${waiting} FOR UPDATE SKIP LOCKED`, [
      queue,
      keyOf(connectorId),
    ]);
    const run = rows[0] === undefined ? null : runOf(rows[0].data as JobData);
    if (run === null || !wanted(run)) return null;
    await client.query(`DELETE FROM ${waiting}`, [queue, keyOf(connectorId)]);
    return run;
  }

  async counts(client: SqlClient): Promise<Omit<SharedRunCounts, "leased">> {
    const sql = `SELECT count(*) FILTER (WHERE state < 'active') AS queued, count(*) FILTER (WHERE state = 'active') AS active
      FROM ${this.#jobs} WHERE name = $1 AND state <= 'active'`;
    const { rows } = await client.query(sql, [queue]);
    return { queued: numberOf(rows[0]?.queued), active: numberOf(rows[0]?.active) };
  }

  /** Leaves what is held to others, who wait until nothing was heard of it for long enough. Harmless without `open`. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#beating;
    await this.#boss?.stop({ graceful: false });
    this.#boss = null;
  }

  get #open(): PgBoss {
    if (this.#boss === null) throw new Error("the queue of runs is used before it is open");
    return this.#boss;
  }

  get #jobs(): string {
    return `"${this.#schema}".job`;
  }

  /** First what is held here, so that a server that was away for a while takes nothing from a process that lives. */
  async #beat(): Promise<void> {
    await this.#beating;
    try {
      if (this.#held.size > 0) await this.#open.touch(queue, [...this.#held.values()]);
      await this.#open.supervise(queue);
    } catch {
      // The next beat tries again; of what is not heard for too long another process takes care.
    }
  }

  /** One process after the other, since they may all start at once. Whoever may not make a schema may have one made for him. */
  async #makeSchema({ executeSql }: ReturnType<typeof databaseOver>): Promise<void> {
    const there = await executeSql("SELECT 1 FROM pg_namespace WHERE nspname = $1", [this.#schema]);
    if (there.rows.length > 0) return;
    await executeSql(
      `BEGIN; SELECT pg_advisory_xact_lock(${schemaLock(this.#schema)}); CREATE SCHEMA IF NOT EXISTS "${this.#schema}"; COMMIT`,
    );
  }
}

/** A name of PostgreSQL has at most 63 bytes. */
export function jobSchemaOf(schema: string): string {
  return `${schema.slice(0, 58)}_jobs`;
}

function jobOf(id: string, run: SharedRun) {
  const data: JobData = { run: JSON.stringify(run) };
  const key = keyOf(run.connectorId);
  return { id, singletonKey: key, group: { id: key }, data };
}

function runOf({ run }: JobData): SharedRun {
  return JSON.parse(run) as SharedRun;
}

/** Within the caller's transaction. */
function databaseOf(client: SqlClient) {
  return { executeSql: (text: string, values: unknown[] = []) => client.query(text, values) };
}

/** Each statement on a connection of its own; one that has failed may have left it in the middle of a transaction. */
function databaseOver(pool: SqlPool) {
  const executeSql = async (text: string, values: unknown[] = []) => {
    const connection = await pool.connect();
    let isBroken = true;
    try {
      const rows =
        values.length > 0
          ? (await connection.query(text, values)).rows
          : (await connection.script(text)).flatMap((result) => result.rows ?? []);
      isBroken = false;
      return { rows };
    } finally {
      connection.release(isBroken);
    }
  };
  return { executeSql };
}
