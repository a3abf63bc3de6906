import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError, isConnectorError, systemReason } from "../kernel/errors/connector-error.ts";
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
  const reason = systemReason(thrown, location);
  return new ConnectorError(codeOf(thrown) ?? fallback[action], `cannot ${action} ${location}: ${reason}`, {
    subject: location,
    cause: thrown,
    ...(sqliteErrorOf(thrown) === "busy" && { hint: busyHint }),
  });
}

const busyHint =
  "another process has the state in the middle of a change and does not go on: see whether one is stopped or hangs, let it go on or end it, and run again";

/** Whether a call was refused because another process was in the middle of a change for long. */
export function isHeldByOther(thrown: unknown): boolean {
  return isConnectorError(thrown, "STATE_WRITE_FAILED") && sqliteErrorOf(thrown.cause) === "busy";
}

function codeOf(thrown: unknown): ErrorCode | undefined {
  // A record whose JSON no longer parses.
  if (thrown instanceof SyntaxError) return "STATE_CORRUPT";
  const sqlite = sqliteErrorOf(thrown);
  if (sqlite !== null) return codeOfSqliteError[sqlite];
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" ? codeOfFileError.get(code) : undefined;
}
