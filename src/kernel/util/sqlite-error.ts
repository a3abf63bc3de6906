/** SQLite's primary result codes that callers tell apart (https://sqlite.org/rescode.html). */
const kinds = {
  3: "denied",
  5: "busy",
  6: "busy",
  8: "read-only",
  10: "io",
  11: "corrupt",
  13: "full",
  14: "cannot-open",
  23: "denied",
  26: "not-a-database",
} as const;

export type SqliteErrorKind = (typeof kinds)[keyof typeof kinds] | "other";

/** SQLITE_IOERR_SHMSIZE: the shared-memory file could not grow, which is how a full disk shows there. */
const sharedMemoryDidNotFit = 4874;

/** The kind of an error of `node:sqlite`; null for other errors. */
export function sqliteErrorOf(thrown: unknown): SqliteErrorKind | null {
  if (!(thrown instanceof Error && "errcode" in thrown && typeof thrown.errcode === "number")) return null;
  if (thrown.errcode === sharedMemoryDidNotFit) return "full";
  // Extended codes carry the primary one in their lowest byte.
  const primary = thrown.errcode & 0xff;
  return primary in kinds ? kinds[primary as keyof typeof kinds] : "other";
}
