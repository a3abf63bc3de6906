import { readFileSync, type Stats, statSync } from "node:fs";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { decodeUtf8, describeBadByte, findBadByte } from "../../kernel/util/decode/utf8.ts";

/** A megabyte holds thousands of connectors. */
export const maxConfigBytes = 1024 * 1024;
export const maxSecretBytes = 64 * 1024;

/**
 * Reads a text file in UTF-8, with or without a byte order mark.
 * Throws `CONFIG_NOT_FOUND` or `CONFIG_UNREADABLE`, naming the file.
 */
export function readTextFile(path: string, maxBytes: number): string {
  const stats = statOf(path);
  const obstacle = obstacleOf(stats, maxBytes);
  if (obstacle !== undefined) throw unreadable(path, obstacle.reason, obstacle.hint);
  return decode(path, readBytes(path));
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw accessError(path, cause);
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw accessError(path, cause);
  }
}

function obstacleOf(stats: Stats, maxBytes: number): { reason: string; hint: string } | undefined {
  if (stats.isDirectory()) return { reason: "is a folder", hint: "name the file in it" };
  if (!stats.isFile()) return { reason: "is not a regular file", hint: "name a regular file" };
  if (stats.size <= maxBytes) return undefined;
  return {
    reason: `has ${stats.size} bytes, more than ${maxBytes}`,
    hint: "check that it is the right file",
  };
}

function decode(path: string, bytes: Buffer): string {
  const hint = "save it as text in UTF-8";
  if (bytes.includes(0)) throw unreadable(path, "has NUL bytes, so it is not a text in UTF-8", hint);
  const text = decodeUtf8(bytes);
  if (text !== null) return text;
  const bad = findBadByte(bytes);
  const where = bad === null ? "" : `: line ${bad.line} has ${describeBadByte(bad)}`;
  throw unreadable(path, `is not a text in UTF-8${where}`, hint);
}

function accessError(path: string, cause: unknown): ConnectorError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new ConnectorError("CONFIG_NOT_FOUND", `there is no file ${path}`, { subject: path, cause });
  }
  const denied = code === "EACCES" || code === "EPERM";
  const reason = denied ? "may not be read by this user" : `cannot be read (${code || "unknown reason"})`;
  return new ConnectorError("CONFIG_UNREADABLE", `${path} ${reason}`, { subject: path, cause });
}

function unreadable(path: string, reason: string, hint: string): ConnectorError {
  return new ConnectorError("CONFIG_UNREADABLE", `${path} ${reason}`, { subject: path, hint });
}
