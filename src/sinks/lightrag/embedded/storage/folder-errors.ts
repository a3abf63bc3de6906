import { constants, existsSync } from "node:fs";
import { access, readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ConnectorError, systemReason } from "../../../../kernel/errors/connector-error.ts";

/** Reads one of the folder's files. An invalid file becomes `DIRECT_FOLDER_DAMAGED`. */
export async function readingFolder<T>(path: string, read: (path: string) => T | Promise<T>): Promise<T> {
  try {
    return await read(path);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw folderError(error, path);
    throw folderDamaged(path, error.message, error);
  }
}

export function folderDamaged(path: string, why: string, cause?: unknown): ConnectorError {
  const message = `${path} cannot be read: ${why}`;
  return new ConnectorError("DIRECT_FOLDER_DAMAGED", message, { subject: path, cause });
}

/** `what` describes the evidence that another program has changed the file. */
export function folderChanged(path: string, what: string): ConnectorError {
  return new ConnectorError("DIRECT_FOLDER_CHANGED", `${path} ${what}`, { subject: path });
}

const fullDisk = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Maps a failed file operation: no space, or an unusable folder. */
export function folderError(thrown: unknown, path: string): Error {
  if (thrown instanceof ConnectorError) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  // Other errors have numeric codes, such as a signal's abort reason.
  if (typeof code !== "string") return thrown as Error;
  const details = { subject: path, cause: thrown };
  if (fullDisk.has(code)) {
    return new ConnectorError("DIRECT_FOLDER_FULL", `there is no room to write ${path} (${code})`, details);
  }
  const message = `${path} cannot be used: ${systemReason(thrown, path)}`;
  return new ConnectorError("DIRECT_FOLDER_UNUSABLE", message, details);
}

/** Checks that the folder, or the one in which it would be created, is writable. Throws `DIRECT_FOLDER_UNUSABLE`. */
export async function checkUsable(path: string): Promise<void> {
  const nearest = existing(path);
  try {
    await readdir(nearest);
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderError(error, nearest);
  }
}

function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}
