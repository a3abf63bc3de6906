/// <reference path="./pg.d.ts" />
import type { Client, ClientConfig, PoolClient, Result } from "pg";
import { SilentServerError } from "./postgres-error.ts";
import type { SqlConnection, SqlPool, SqlResult } from "./sql-pool.ts";

/** One for changes, the others for reads; beside them is one that listens. */
const maxConnections = 5;
const connectTimeoutMs = 10_000;
const idleTimeoutMs = 30_000;

/** A pooler takes connections for which it has none to the server, and lets their first statement wait. Milliseconds. */
const firstAnswerMs = 10_000;

/**
 * The connections to the database of a URL, over node-postgres, which is loaded here: whoever keeps his state in a file needs none of it. A
 * password that neither the URL nor `password` has is looked for as PostgreSQL's own programs do (`PGPASSWORD`, `~/.pgpass`).
 */
export async function openPool(url: string, password: string | null): Promise<SqlPool> {
  const { default: pg } = await import("pg");
  const settings: ClientConfig = {
    connectionString: withPassword(url, password),
    application_name: "memory-connector",
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
  const pool = new pg.Pool({
    ...settings,
    max: maxConnections,
    idleTimeoutMillis: idleTimeoutMs,
    allowExitOnIdle: true,
    verify: (client, done) => void inTime(client.query("SELECT 1")).then(() => done(), done),
  });
  // Whoever uses a connection that is lost is told by its answer; one that nobody uses is made anew.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return {
    connect: async () => connectionOf(await pool.connect()),
    listen: (...asked) => listenOn(new pg.Client(settings), ...asked),
    end: () => pool.end(),
  };
}

async function listenOn(
  client: Client,
  channel: string,
  notified: (payload: string) => void,
  lost: () => void,
): Promise<() => Promise<void>> {
  let isOver = false;
  const once = () => {
    if (!isOver) lost();
    isOver = true;
  };
  client.on("error", once).on("end", once);
  client.on("notification", ({ payload = "" }) => void notified(payload));
  try {
    await client.connect();
    await inTime(client.query(`LISTEN ${channel}`));
  } catch (thrown) {
    isOver = true;
    await client.end().catch(() => undefined);
    throw thrown;
  }
  return async () => {
    isOver = true;
    await client.end().catch(() => undefined);
  };
}

/** The answer to the first statement of a connection. Throws `SilentServerError` when it does not come. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new SilentServerError(firstAnswerMs)), firstAnswerMs);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function connectionOf(client: PoolClient & { release(isBroken?: boolean): void }): SqlConnection {
  return {
    query: (text, values = []) => client.query(text, [...values]),
    script: async (text) => resultsOf(await client.query(text)),
    release: (isBroken = false) => client.release(isBroken),
  };
}

function resultsOf(answer: Result | Result[]): SqlResult[] {
  return Array.isArray(answer) ? answer : [answer];
}

function withPassword(text: string, password: string | null): string {
  const url = new URL(text);
  url.searchParams.delete("schema");
  // Where the server is a socket, the URL has no host before which it could stand.
  if (password !== null) url.searchParams.set("password", password);
  return url.href;
}
