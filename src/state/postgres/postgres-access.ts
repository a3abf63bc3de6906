import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { StateAction } from "../state-error.ts";
import { newestSchema, type SchemaPlace, schemaLock, tooNew } from "./migrations.ts";
import { isLostConnection, isPassing, toPostgresError } from "./postgres-error.ts";
import { numberOf, type SqlClient, type SqlConnection, type SqlPool } from "./sql-pool.ts";

/** A unit of work in its transaction; it may be run again when that has failed. */
type Unit<T> = (client: SqlClient) => Promise<T>;

/**
 * `shared`: beside units of any process. `alone`: while no other unit changes anything, for what reads before it writes; so the units of all
 * processes are serialised, as over a file.
 */
type UnitMode = "shared" | "alone";

interface Job {
  unit: Unit<unknown>;
  mode: UnitMode;
  succeed(result: unknown): void;
  fail(reason: unknown): void;
}

/** So many units at most share a transaction. */
const maxBatch = 100;

/** How long a server that is restarted, or a broken way to it, is waited for. Milliseconds. */
const patienceMs = 15_000;
const pauseMs = 250;

/**
 * A process that is stopped in the middle of a transaction would keep its locks for as long as it sleeps, and all others waiting. So the server ends
 * a transaction of which nothing is heard for so long, before the lease of its process is over. Milliseconds.
 */
const idleMs = 10_000;

/** What a transaction failed with whose end nobody has told. */
class UnknownEnd {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * The only access to the tables: reads pass `read`, changes pass `change` and are durable when it resolves. All changes of this process go through one
 * connection in the order in which they were asked for; those that arrive while a transaction is under way share the next one. When one of them fails,
 * all are run again, each with a savepoint of its own. A lost connection is waited for, and what was under way is done again, unless the server says that it was done.
 */
export class PostgresAccess {
  readonly #pool: SqlPool;
  readonly #place: SchemaPlace;
  readonly #clock: Clock;
  readonly #isReadOnly: boolean;
  #waiting: Job[] = [];
  #working: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #lastFailure: ConnectorError | null = null;

  constructor(pool: SqlPool, place: SchemaPlace, clock: Clock, isReadOnly: boolean) {
    this.#pool = pool;
    this.#place = place;
    this.#clock = clock;
    this.#isReadOnly = isReadOnly;
  }

  readonly read = async <T>(unit: Unit<T>): Promise<T> => {
    this.#requireOpen();
    return this.#translating("read", () => this.#patiently(() => this.#onConnection(unit)));
  };

  readonly change = async <T>(unit: Unit<T>, mode: UnitMode = "shared"): Promise<T> => {
    this.requireWriter();
    return this.#translating(
      "write",
      () =>
        new Promise<T>((resolve, reject) => {
          this.#waiting.push({ unit, mode, succeed: (result) => resolve(result as T), fail: reject });
          this.#working ??= this.#workOff();
        }),
    );
  };

  /** Work that makes its own way to the database; only its errors become those of the state. */
  outside<T>(work: () => Promise<T>): Promise<T> {
    this.requireWriter();
    return this.#translating("write", work);
  }

  /** A statement outside of a transaction, such as `VACUUM`. */
  async maintain(sql: string): Promise<void> {
    this.requireWriter();
    await this.#translating("write", () => this.#onConnection((connection) => connection.query(sql)));
  }

  /** The last failed change until one succeeds, which is tried here; null while all is well. Never rejects. */
  async condition(trial: Unit<unknown>): Promise<ConnectorError | null> {
    try {
      this.#requireOpen();
      if (this.#lastFailure !== null && !this.#isReadOnly) await this.change(trial);
      return null;
    } catch (thrown) {
      return toPostgresError(thrown, "write", this.#place.location);
    }
  }

  /** Throws `STATE_CLOSED` and `STATE_READ_ONLY`. */
  requireWriter(): void {
    this.#requireOpen();
    const { location } = this.#place;
    if (this.#isReadOnly)
      throw new ConnectorError("STATE_READ_ONLY", `${location} was opened for reading only`, {
        subject: location,
      });
  }

  /** Waits for pending changes, then for `last`, and closes the connections. Calling it twice is harmless. */
  close(last: (client: SqlClient) => Promise<void>): Promise<void> {
    this.#closing ??= this.#finish(last);
    return this.#closing;
  }

  async #finish(last: (client: SqlClient) => Promise<void>): Promise<void> {
    await this.#working;
    // A server that is gone forgets by itself who was there.
    await this.#onConnection(last).catch(() => undefined);
    await this.#pool.end();
  }

  #requireOpen(): void {
    if (this.#closing === null) return;
    const { location } = this.#place;
    throw new ConnectorError("STATE_CLOSED", `${location} is closed`, { subject: location });
  }

  async #translating<T>(action: StateAction, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (action === "write") this.#lastFailure = null;
      return result;
    } catch (thrown) {
      const error = toPostgresError(thrown, action, this.#place.location);
      if (error.code === "STATE_WRITE_FAILED" || error.code === "STATE_DISK_FULL") this.#lastFailure = error;
      throw error;
    }
  }

  async #onConnection<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    const connection = await this.#pool.connect();
    let isBroken = false;
    try {
      return await work(connection);
    } catch (thrown) {
      isBroken = isLostConnection(thrown) || thrown instanceof UnknownEnd;
      throw thrown;
    } finally {
      connection.release(isBroken);
    }
  }

  /** Does it again while the connection is lost, or others were in the way, for as long as a restart takes. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const deadline = this.#clock.monotonic() + patienceMs;
    for (;;) {
      try {
        return await work();
      } catch (thrown) {
        if (!isLostConnection(thrown) && !isPassing(thrown)) throw thrown;
        if (this.#closing !== null || this.#clock.monotonic() >= deadline) throw thrown;
        if (!isPassing(thrown)) await this.#clock.sleep(pauseMs);
      }
    }
  }

  async #workOff(): Promise<void> {
    // Units of the same turn of the event loop join the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      try {
        const settle = await this.#patiently(() => this.#runBatch(batch));
        for (const each of settle) each();
      } catch (thrown) {
        for (const job of batch) job.fail(thrown);
      }
    }
    this.#working = null;
  }

  /**
   * Resolves, when the batch is durable, to what each of its jobs has to be told. Failures are rare and a savepoint is a message to the server each, so that
   * the units go without until one fails.
   */
  async #runBatch(batch: readonly Job[]): Promise<(() => void)[]> {
    try {
      return await this.#inTransaction(batch, batch.length === 1 ? attemptOne : attemptTogether);
    } catch (thrown) {
      if (!(thrown instanceof OneFailed)) throw thrown;
      return this.#inTransaction(batch, attemptEach);
    }
  }

  async #inTransaction(batch: readonly Job[], attempt: Attempt): Promise<(() => void)[]> {
    let transaction = "";
    let settle: (() => void)[] = [];
    try {
      await this.#onConnection(async (connection) => {
        transaction = await this.#begin(
          connection,
          batch.some(({ mode }) => mode === "alone"),
        );
        try {
          settle = await attempt(connection, batch);
          await connection.script("COMMIT").catch((thrown) => {
            throw isLostConnection(thrown) ? new UnknownEnd(thrown) : thrown;
          });
        } catch (thrown) {
          if (!(thrown instanceof UnknownEnd)) await connection.script("ROLLBACK").catch(() => undefined);
          throw thrown;
        }
      });
    } catch (thrown) {
      if (!(thrown instanceof UnknownEnd)) throw thrown;
      if (!(await this.#patiently(() => this.#wasCommitted(transaction)))) throw thrown.cause;
    }
    return settle;
  }

  /** Resolves to the id of the transaction. A newer program may have changed the schema since it was opened. */
  async #begin(connection: SqlConnection, alone: boolean): Promise<string> {
    const { schema, tables, location } = this.#place;
    const lock = alone ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
    const answers = await connection.script(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${idleMs};
      SELECT ${lock}(${schemaLock(schema)});
      SELECT content AS version, pg_current_xact_id()::text AS id FROM ${tables.meta} WHERE key = 'version'`);
    const { version, id } = answers.at(-1)?.rows[0] ?? {};
    if (numberOf(version) > newestSchema) {
      await connection.script("ROLLBACK");
      throw tooNew(numberOf(version), location);
    }
    return String(id);
  }

  async #wasCommitted(transaction: string): Promise<boolean> {
    const status = await this.#onConnection(async (connection) => {
      const { rows } = await connection.query("SELECT pg_xact_status($1::xid8) AS status", [transaction]);
      return rows[0]?.status;
    });
    if (status === "in progress") throw new Error("the connection of the transaction is not closed yet");
    return status === "committed";
  }
}

/** Runs the units of a batch one after the other, and says what each job has to be told. Throws what ends the whole transaction. */
type Attempt = (connection: SqlConnection, batch: readonly Job[]) => Promise<(() => void)[]>;

/** A unit among others has failed, and nothing of the transaction may stay. */
class OneFailed {}

async function attemptOne(connection: SqlConnection, [only]: readonly Job[]): Promise<(() => void)[]> {
  const result = await only?.unit(clientOf(connection));
  return [() => only?.succeed(result)];
}

/** Throws `OneFailed`. */
async function attemptTogether(connection: SqlConnection, batch: readonly Job[]): Promise<(() => void)[]> {
  const settle: (() => void)[] = [];
  let client = clientOf(connection);
  for (const { unit, mode, succeed } of batch) {
    try {
      const result = await unit(client);
      settle.push(() => succeed(result));
    } catch (thrown) {
      throw endsAll(thrown) ? thrown : new OneFailed();
    }
    if (mode === "alone") client = clientOf(connection);
  }
  return settle;
}

/** One that fails is undone alone, by the savepoint before it. */
async function attemptEach(connection: SqlConnection, batch: readonly Job[]): Promise<(() => void)[]> {
  const settle: (() => void)[] = [];
  let client = clientOf(connection);
  await connection.script("SAVEPOINT unit");
  for (const { unit, mode, succeed, fail } of batch) {
    try {
      const result = await unit(client);
      settle.push(() => succeed(result));
      if (mode === "alone") client = clientOf(connection);
      if (settle.length < batch.length) await connection.script("RELEASE SAVEPOINT unit; SAVEPOINT unit");
    } catch (thrown) {
      if (endsAll(thrown)) throw thrown;
      await connection.script("ROLLBACK TO SAVEPOINT unit");
      settle.push(() => fail(thrown));
      client = clientOf(connection);
    }
  }
  return settle;
}

function endsAll(thrown: unknown): boolean {
  return isLostConnection(thrown) || isPassing(thrown);
}

/**
 * Another object for each transaction, after each step back in it, and after each unit that only one process runs at a time: what was found out by
 * one holds for as long as it is used.
 */
function clientOf(connection: SqlConnection): SqlClient {
  return { query: (text, values) => connection.query(text, values) };
}
