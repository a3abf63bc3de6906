import { expect, test } from "vitest";
import { checkDatabase } from "./check-database.ts";

const good = {
  version: "PostgreSQL 15.18",
  connections: { used: 7, most: 100 },
  isWritable: true,
  isDurable: true,
  isNotified: true,
  bloat: null,
  clockAheadMs: 40,
};

test("a server in order is told in one line, and a file has none", () => {
  expect(checkDatabase(good)).toMatchObject([
    { level: "ok", message: "PostgreSQL 15.18, 7 of 100 connections in use" },
  ]);
  expect(checkDatabase(null)).toEqual([]);
});

test.each([
  [{ isWritable: false }, "problem", /does not let this user change the state/u],
  [{ connections: { used: 95, most: 100 } }, "warning", /95 of 100 connections are in use/u],
  [{ isDurable: false }, "warning", /may forget what it has called saved/u],
  [
    { bloat: { table: "ledger", dead: 50_000, live: 1 } },
    "warning",
    /ledger has 1 row and 50,?000 dead ones/u,
  ],
  [{ isNotified: false }, "warning", /notifications do not come through/u],
  [{ clockAheadMs: 60_000 }, "warning", /1 min(ute)? ahead of the server's/u],
  [{ clockAheadMs: -60_000 }, "warning", /behind the server's/u],
])("what is wrong with a server is said: %o", (changes, status, message) => {
  expect(checkDatabase({ ...good, ...changes })).toEqual([
    expect.objectContaining({ level: status, message: expect.stringMatching(message) }),
  ]);
});
