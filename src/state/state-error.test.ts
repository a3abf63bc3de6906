import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { isHeldByOther, toStateError } from "./state-error.ts";

const fileError = (code: string) => Object.assign(new Error(code), { code });
const sqliteError = (errcode: number) =>
  Object.assign(new Error("sqlite"), { code: "ERR_SQLITE_ERROR", errcode });

test("each failure has the code that says what to do", () => {
  const codes = (thrown: unknown) =>
    (["open", "read", "write"] as const).map((action) => toStateError(thrown, action, "/s").code);
  expect(codes(fileError("ENOSPC"))).toEqual(Array(3).fill("STATE_DISK_FULL"));
  expect(codes(sqliteError(13))).toEqual(Array(3).fill("STATE_DISK_FULL"));
  expect(codes(sqliteError(4874))).toEqual(Array(3).fill("STATE_DISK_FULL"));
  expect(codes(sqliteError(11 | (2 << 8)))).toEqual(Array(3).fill("STATE_CORRUPT"));
  expect(codes(sqliteError(26))).toEqual(Array(3).fill("STATE_CORRUPT"));
  expect(codes(new SyntaxError("bad JSON"))).toEqual(Array(3).fill("STATE_CORRUPT"));
  for (const thrown of [fileError("EACCES"), sqliteError(8), sqliteError(5), sqliteError(999), "text"]) {
    expect(codes(thrown)).toEqual(["STATE_READ_FAILED", "STATE_READ_FAILED", "STATE_WRITE_FAILED"]);
  }
});

test("an error that is coded already stays as it is, and any other names what was done to which file", () => {
  const coded = new ConnectorError("STATE_CONFLICT", "stale");
  expect(toStateError(coded, "write", "/s")).toBe(coded);
  expect(toStateError(fileError("EIO"), "write", "/s")).toMatchObject({
    message: "cannot write /s: EIO",
    subject: "/s",
  });
});

test("what SQLite itself throws is understood", () => {
  const database = new DatabaseSync(":memory:");
  database.exec("PRAGMA max_page_count = 5");
  try {
    database.exec("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(100000))");
    expect.unreachable();
  } catch (thrown) {
    expect(toStateError(thrown, "write", "/s").code).toBe("STATE_DISK_FULL");
  } finally {
    database.close();
  }
});

test("a change that another process keeps from being made says so, and sends nobody to look at the disk", () => {
  const held = toStateError(sqliteError(5), "write", "/s");
  expect(held.hint).toContain("another process");
  expect(held.hint).not.toContain("disk");
  expect(
    [sqliteError(5), sqliteError(8)].map((each) => isHeldByOther(toStateError(each, "write", "/s"))),
  ).toEqual([true, false]);
});
