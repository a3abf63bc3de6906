import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { openPostgresState } from "../../src/state/postgres/open-postgres-state.ts";
import type { SqlConnection, SqlPool } from "../../src/state/postgres/sql-pool.ts";
import { pglitePool, schemaOf } from "../support/pglite-state.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { allRows, pendingRow, runOf, scope } from "./state-manager-samples.ts";
import { makeStore } from "./state-manager-store.ts";

const { connectorId } = scope;
const withCode = (code: string) => expect.objectContaining({ code });

/** Statements beside the state, as another program or a person makes them; `PLACE` is its schema. */
async function meddle(path: string, sql: string): Promise<Record<string, unknown>[]> {
  const connection = await (await pglitePool()).connect();
  try {
    return (await connection.query(sql.replaceAll("PLACE", schemaOf(path)))).rows;
  } finally {
    connection.release();
  }
}

/** Opens the state over connections that `spoil` may break. */
async function openOver(path: string, spoil: (connection: SqlConnection) => SqlConnection) {
  const whole = await pglitePool();
  const pool: SqlPool = { ...whole, connect: async () => spoil(await whole.connect()) };
  const state = await openPostgresState({ pool, schema: schemaOf(path), location: path, clock: systemClock });
  onTestFinished(() => state.close());
  return state;
}

test("who was silent for too long and lost a connector changes nothing of it any more, and the new holder does", async () => {
  const store = makeStore("pglite");
  const [slow, other] = [await store.open(), await store.open()];
  const lock = await slow.lockConnector(connectorId, "run-1");
  const [row] = await slow.saveRows([pendingRow({ memoryId: "m1" })]);
  await expect(other.lockConnector(connectorId)).rejects.toEqual(withCode("CONNECTOR_LOCKED"));
  await meddle(store.path, "UPDATE PLACE.process SET seen_at = now() - interval '31 seconds'");
  await other.lockConnector(connectorId, "run-2");
  const spent = { connectorId, day: "2025-01-31", documents: 1, characters: 1, tokens: 1, spentOut: null };
  await other.budgets.save(spent);
  const asked = { connectorId, since: 1, until: 2, requestedAt: 3, listedAt: null, finishedAt: null };
  await other.backfills.save(asked);
  const error = { code: "MODEL_UNREACHABLE", message: "m", hint: "h" } as const;
  const medium = {
    ...scope,
    memoryId: "m1",
    kind: "audio",
    standing: "waiting",
    tried: "t",
    bytes: null,
  } as const;
  const unread = { ...medium, failures: 1, failedAt: 1, error };
  await other.unreadMedia.save([unread]);
  await other.saveRun(runOf("run-1", { connectorId, outcome: "interrupted" }));
  for (const change of [
    () => slow.saveRows([{ ...row!, attempts: 9 }]),
    () => slow.saveRows([pendingRow({ memoryId: "m2" })]),
    () => slow.removeRows([row!]),
    () =>
      slow.saveSyncState({
        ...scope,
        watermark: 5,
        lastCompleteListingAt: 5,
        truncated: null,
        lastListingCount: 1,
      }),
    () => slow.budgets.save({ ...spent, documents: 9 }),
    () => slow.backfills.save({ ...asked, finishedAt: 9 }),
    () => slow.reconciliations.save({ connectorId, startedAt: 9 }),
    () => slow.unreadMedia.save([{ ...unread, failures: 9 }]),
    () => slow.unreadMedia.remove([unread]),
    () => slow.saveRun(runOf("run-1", { connectorId, outcome: "success" })),
    () => slow.resetConnector(connectorId),
  ])
    await expect(change(), String(change)).rejects.toEqual(withCode("CONNECTOR_LEASE_LOST"));
  expect(await other.budgets.get(connectorId)).toEqual(spent);
  expect(await other.backfills.get(connectorId)).toEqual(asked);
  expect(await other.reconciliations.get(connectorId)).toBeNull();
  expect(await other.unreadMedia.list(connectorId)).toEqual([unread]);
  expect((await other.getRun("run-1"))?.outcome).toBe("interrupted");
  // What people decide is not the worker's.
  await slow.connectors.save({ id: connectorId, version: 0, settings: {}, createdAt: 1, changedAt: 1 });
  await slow.saveRows([pendingRow({ memoryId: "m", connectorId: "another" })]);
  await other.saveRows([{ ...row!, attempts: 1 }]);
  await lock.release();
  expect((await other.holderOf(connectorId))?.runId).toBe("run-2");
  const rows = await allRows(other, { connectorId });
  expect(rows.map(({ memoryId, attempts }) => [memoryId, attempts])).toEqual([["m1", 1]]);
});

test("a silence after which nobody came takes nothing away", async () => {
  const store = makeStore("pglite");
  const state = await store.open();
  await state.lockConnector(connectorId);
  await meddle(store.path, "UPDATE PLACE.process SET seen_at = now() - interval '1 day'");
  expect(await state.holderOf(connectorId)).toBeNull();
  await state.saveRows([pendingRow({ memoryId: "m1" })]);
});

test("a commit whose answer was lost is done once, whether it came through or not", async () => {
  const store = makeStore("pglite");
  for (const comesThrough of [true, false]) {
    let isLost = false;
    const state = await openOver(store.path, (connection) => ({
      ...connection,
      script: async (sql) => {
        if (sql !== "COMMIT" || !isLost) return connection.script(sql);
        isLost = false;
        await connection.script(comesThrough ? "COMMIT" : "ROLLBACK");
        throw new Error("Connection terminated unexpectedly");
      },
    }));
    isLost = true;
    const memoryId = String(comesThrough);
    expect(await state.saveRows([pendingRow({ memoryId })])).toMatchObject([{ version: 1 }]);
    expect(isLost).toBe(false);
    expect((await state.getRows(scope, [memoryId])).get(memoryId)?.version).toBe(1);
  }
  expect((await (await store.open()).countRows(connectorId)).pending).toBe(2);
});

test("a transaction that others were in the way of is run again, and what fails for good fails alone", async () => {
  const store = makeStore("pglite");
  let left = 2;
  const state = await openOver(store.path, (connection) => ({
    ...connection,
    query: async (sql, values) => {
      if (!sql.startsWith("WITH input") || left === 0) return connection.query(sql, values);
      left -= 1;
      throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
    },
  }));
  const saved = await Promise.allSettled([
    state.saveRows([pendingRow({ memoryId: "m1" })]),
    state.saveRows([{ ...pendingRow({ memoryId: "m2" }), version: 3 }]),
    state.saveRows([pendingRow({ memoryId: "m3" })]),
  ]);
  expect(saved.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(left).toBe(0);
});

test("changes that share a transaction go without savepoints, until one of them fails", async () => {
  const said: string[] = [];
  const state = await openOver(makeStore("pglite").path, (connection) => ({
    ...connection,
    script: (sql) => {
      said.push(/^(BEGIN|COMMIT|ROLLBACK(?! TO)|SAVEPOINT)/u.exec(sql)?.[1] ?? "");
      return connection.script(sql);
    },
  }));
  const save = (memoryIds: readonly string[]) =>
    Promise.allSettled(memoryIds.map((memoryId) => state.saveRows([pendingRow({ memoryId })])));
  said.length = 0;
  await save(["m1", "m2", "m3"]);
  expect(said).toEqual(["BEGIN", "COMMIT"]);
  said.length = 0;
  const [known, fresh] = await save(["m1", "m4"]);
  expect([known?.status, fresh?.status]).toEqual(["rejected", "fulfilled"]);
  expect(said.filter(Boolean)).toEqual(["BEGIN", "ROLLBACK", "BEGIN", "SAVEPOINT", "COMMIT"]);
});

test("a schema of a newer program is refused, on opening and under an open state", async () => {
  const store = makeStore("pglite");
  const state = await store.open();
  await meddle(store.path, "UPDATE PLACE.meta SET content = '99' WHERE key = 'version'");
  await expect(store.open()).rejects.toEqual(withCode("STATE_TOO_NEW"));
  await expect(store.open({ readOnly: true })).rejects.toEqual(withCode("STATE_TOO_NEW"));
  await expect(state.saveRows([pendingRow({ memoryId: "m1" })])).rejects.toEqual(withCode("STATE_TOO_NEW"));
});

test("a schema with tables of another program is refused and left alone", async () => {
  const store = makeStore("pglite", join(temporaryFolder(), "state"));
  await meddle(store.path, "CREATE SCHEMA PLACE");
  await meddle(store.path, "CREATE TABLE PLACE.theirs (id integer)");
  await expect(store.open()).rejects.toEqual(withCode("STATE_FOREIGN"));
  await expect(store.open({ readOnly: true })).rejects.toEqual(withCode("STATE_FOREIGN"));
  expect(
    await meddle(store.path, "SELECT relname FROM pg_class WHERE relnamespace = 'PLACE'::regnamespace"),
  ).toEqual([{ relname: "theirs" }]);
});

test("ids too long for an index are kept whole and apart", async () => {
  const state = await makeStore("pglite").open();
  const long = () => randomBytes(3000).toString("hex");
  const beginning = long();
  const ids = [long(), `${beginning}a`, `${beginning}b`];
  await state.saveRows(ids.map((memoryId) => pendingRow({ memoryId, contextId: beginning })));
  const rows = await state.getRows({ ...scope, contextId: beginning }, ids);
  expect([...rows.keys()]).toEqual(ids);
  expect([...rows.values()].map(({ contextId }) => contextId)).toEqual(ids.map(() => beginning));
});

test("a payload that is stored does not travel again, and a changed one does", async () => {
  const store = makeStore("pglite");
  const sent: string[] = [];
  const state = await openOver(store.path, (connection) => ({
    ...connection,
    query: (sql, values = []) => {
      if (sql.startsWith("WITH input")) sent.push(JSON.stringify(values));
      return connection.query(sql, values);
    },
  }));
  const transcript = "a whole afternoon of words";
  const [first] = await state.saveRows([pendingRow({ memoryId: "m1" }, transcript)]);
  const [moved] = await state.saveRows([{ ...first!, attempts: 1 }]);
  const { payload } = moved!;
  await state.saveRows([{ ...moved!, payload: { ...payload!, transcript: "other words" } }]);
  expect(sent.map((values) => values.includes(transcript))).toEqual([true, false, false]);
  expect(sent[2]).toContain("other words");
  expect((await state.getRows(scope, ["m1"])).get("m1")?.payload?.transcript).toBe("other words");
});

test("what was removed is gone from the tables that are written anew", async () => {
  const store = makeStore("pglite");
  const state = await store.open();
  await state.saveRows([pendingRow({ memoryId: "m1" }, "the secret kayak")]);
  await state.removeRows([{ ...scope, memoryId: "m1" }]);
  expect(await state.expunge()).toEqual([]);
  const [{ size }] = (await meddle(store.path, "SELECT pg_relation_size('PLACE.ledger') AS size")) as [
    { size: number },
  ];
  expect(size).toBe(0);
});

test("an erasure counts for the changes behind it, also in the same transaction, and a lease for those behind one that failed", async () => {
  const store = makeStore("pglite");
  const state = await store.open();
  await state.lockConnector(connectorId);
  const [known] = await state.saveRows([pendingRow({ memoryId: "known" })]);
  const calls = await Promise.allSettled([
    state.saveRows([pendingRow({ memoryId: "m1" })]),
    state.erasures.add({ ...scope, memoryId: "m2" }, 1),
    state.saveRows([pendingRow({ memoryId: "m2" })]),
    state.saveRows([{ ...known!, version: 7 }]),
    state.saveRows([{ ...known!, attempts: 1 }]),
  ]);
  expect(calls.map((call) => (call.status === "rejected" ? call.reason.code : "saved"))).toEqual([
    "saved",
    "saved",
    "MEMORY_ERASED",
    "STATE_CONFLICT",
    "saved",
  ]);
});

test("a transaction says how long it may be silent, so that a process that sleeps in it holds nobody up", async () => {
  const said: string[] = [];
  const state = await openOver(makeStore("pglite").path, (connection) => ({
    ...connection,
    query: async (sql, values) => {
      if (sql.startsWith("WITH input"))
        said.push(
          String(
            (await connection.query("SHOW idle_in_transaction_session_timeout")).rows[0]
              ?.idle_in_transaction_session_timeout,
          ),
        );
      return connection.query(sql, values);
    },
  }));
  await state.saveRows([pendingRow({ memoryId: "m1" })]);
  expect(said).toEqual(["10s"]);
});
