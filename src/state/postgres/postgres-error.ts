import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { StateAction } from "../state-error.ts";

const fallback: Record<StateAction, ErrorCode> = {
  read: "STATE_READ_FAILED",
  open: "STATE_READ_FAILED",
  write: "STATE_WRITE_FAILED",
};

const codeOfSqlState: ReadonlyMap<string, ErrorCode> = new Map([
  ["53100", "STATE_DISK_FULL"],
  ["XX001", "STATE_CORRUPT"],
  ["XX002", "STATE_CORRUPT"],
]);

/** What helps with an answer of PostgreSQL; each begins a class of them. */
const hints: readonly (readonly [string, string])[] = [
  ["28", "check the user in state.url, state.password, and pg_hba.conf of the server"],
  ["3D000", "create the database, for example with `createdb`, or correct its name in state.url"],
  [
    "42501",
    "give the user of state.url the right to create a schema in this database, or create the schema and give it to him",
  ],
  [
    "53300",
    "the server has no connection left: each process takes up to 6; raise max_connections, or put PgBouncer before it",
  ],
  ["57P", "the server is starting or stopping: see that it runs, and run again"],
  ["25006", "the server is a standby that takes no changes: name the primary in state.url"],
];

const reachHint =
  "see that the PostgreSQL server of state.url runs and that this machine reaches it, and run again";

const silentHint =
  "a pooler has no connection to the server left: in session mode it needs 6 for each process (PgBouncer: default_pool_size), in transaction mode fewer do; without a pooler, see that the server is not overloaded";

/** A connection was taken, and its first statement was not answered. It counts as lost. */
export class SilentServerError extends Error {
  constructor(waitedMs: number) {
    super(`the connection was taken and its first statement not answered within ${waitedMs / 1000} s`);
  }
}

/** Answers after which the same transaction may succeed: a ring of waiters, or a conflict of snapshots. */
const passing = new Set(["40001", "40P01", "55P03"]);

/** The five characters by which PostgreSQL names an error; null for an error of something else. */
export function sqlStateOf(thrown: unknown): string | null {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/u.test(code) && !/^E[A-Z]/u.test(code) ? code : null;
}

/** Whether a transaction failed on account of others, so that it may be tried again at once. */
export function isPassing(thrown: unknown): boolean {
  return passing.has(sqlStateOf(thrown) ?? "");
}

/** Whether the connection is gone, or the server refuses new ones for a while. What was asked last may have been done. */
export function isLostConnection(thrown: unknown): boolean {
  if (thrown instanceof ConnectorError || thrown instanceof SyntaxError) return false;
  if (thrown instanceof SilentServerError) return true;
  const state = sqlStateOf(thrown);
  if (state !== null) return /^(08|57P0[1-3]|25P03)/u.test(state);
  return (
    thrown instanceof Error &&
    /connection|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|socket|timeout/iu.test(
      `${codeOf(thrown)} ${thrown.message}`,
    )
  );
}

function codeOf(thrown: Error): string {
  return "code" in thrown ? String(thrown.code) : "";
}

/** Translates errors of PostgreSQL and of the way to it, for the state at `location`, into the port's errors. */
export function toPostgresError(thrown: unknown, action: StateAction, location: string): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  if (thrown instanceof SyntaxError)
    return new ConnectorError("STATE_CORRUPT", `cannot ${action} ${location}: ${thrown.message}`, {
      subject: location,
      cause: thrown,
    });
  const state = sqlStateOf(thrown) ?? "";
  const hint =
    thrown instanceof SilentServerError
      ? silentHint
      : hints.find(([beginning]) => state.startsWith(beginning))?.[1];
  const message = `cannot ${action} ${location}: ${reasonOf(thrown)}`;
  return new ConnectorError(codeOfSqlState.get(state) ?? fallback[action], message, {
    subject: location,
    cause: thrown,
    hint:
      hint ??
      (isLostConnection(thrown) ? reachHint : "look into the log of the PostgreSQL server and run again"),
  });
}

/** Several addresses of one name fail together, without a message of their own. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "")
    return thrown.errors.map(reasonOf).join("; ");
  return thrown instanceof Error ? thrown.message : String(thrown);
}
