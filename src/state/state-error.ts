import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { type SqliteErrorKind, sqliteErrorOf } from "../kernel/util/sqlite-error.ts";

const codeOfSqliteError: Partial<Record<SqliteErrorKind, ErrorCode>> = {
  full: "STATE_DISK_FULL",
  corrupt: "STATE_CORRUPT",
  "not-a-database": "STATE_CORRUPT",
};

const codeOfFileError: ReadonlyMap<string, ErrorCode> = new Map([
  ["ENOSPC", "STATE_DISK_FULL"],
  ["EDQUOT", "STATE_DISK_FULL"],
  ["EFBIG", "STATE_DISK_FULL"],
]);

export type StateAction = "read" | "write" | "open";

const fallback: Record<StateAction, ErrorCode> = {
  read: "STATE_READ_FAILED",
  open: "STATE_READ_FAILED",
  write: "STATE_WRITE_FAILED",
};

/** Translates errors of SQLite or of the file system for the state at `location` into the port's errors. */
export function toStateError(thrown: unknown, action: StateAction, location: string): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConnectorError(codeOf(thrown) ?? fallback[action], `cannot ${action} ${location}: ${reason}`, {
    subject: location,
    cause: thrown,
  });
}

function codeOf(thrown: unknown): ErrorCode | undefined {
  // A record whose JSON no longer parses.
  if (thrown instanceof SyntaxError) return "STATE_CORRUPT";
  const sqlite = sqliteErrorOf(thrown);
  if (sqlite !== null) return codeOfSqliteError[sqlite];
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" ? codeOfFileError.get(code) : undefined;
}
