import { createHash, randomUUID } from "node:crypto";
import type { Bell } from "../board.ts";
import type { SqlPool } from "./sql-pool.ts";

/** How long a notification may take to come back. Milliseconds. */
const trialMs = 2_000;

/** Names what is notified about a schema; schemas may have names as long as a channel's may be. */
export function channelOf(schema: string): string {
  return `memory_connector_${createHash("sha256").update(schema).digest("hex").slice(0, 16)}`;
}

/** SQL that notifies with what `expression` gives, when its transaction is committed. */
export function ringing(schema: string, expression: string): string {
  return `pg_notify('${channelOf(schema)}', ${expression})`;
}

/** LISTEN and NOTIFY. A pooler between here and the server may take LISTEN and pass nothing on, so a trial has to come back first. */
export function bellOf(pool: SqlPool, schema: string): Bell {
  return {
    listen: async (ring, lost) => {
      const trial = `trial ${randomUUID()}`;
      const { promise: cameBack, resolve } = Promise.withResolvers<boolean>();
      const notified = (payload: string) => (payload === trial ? resolve(true) : ring(payload));
      try {
        const end = await pool.listen(channelOf(schema), notified, lost);
        const tooLate = setTimeout(() => resolve(false), trialMs).unref();
        await notify(pool, `SELECT ${ringing(schema, `'${trial}'`)}`);
        const isHeard = await cameBack.finally(() => clearTimeout(tooLate));
        if (isHeard) return { end };
        await end();
        return null;
      } catch {
        return null;
      }
    },
  };
}

async function notify(pool: SqlPool, sql: string): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query(sql);
  } finally {
    connection.release();
  }
}
