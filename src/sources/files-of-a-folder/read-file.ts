import { open } from "node:fs/promises";
import { join } from "node:path";
import type { FileStamp, FoundFile } from "./walk-folder.ts";
import { reasonOf } from "./walk-folder.ts";

export type FileReading =
  | { kind: "bytes"; bytes: Buffer }
  /** It was changed while it was read, or has gone: whoever looks later knows more. */
  | { kind: "unsettled" }
  | { kind: "too-large" }
  | { kind: "unreadable"; reason: string };

/** Reads a file as a whole, if it is still the one that was found. */
export async function readWhole(root: string, found: FoundFile, maxBytes: number): Promise<FileReading> {
  if (found.size > maxBytes) return { kind: "too-large" };
  try {
    const file = await open(join(root, found.spelling));
    try {
      const bytes = await file.readFile();
      return isSame(await file.stat(), found) && bytes.length === found.size
        ? { kind: "bytes", bytes }
        : { kind: "unsettled" };
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = reasonOf(error);
    return reason === "ENOENT" ? { kind: "unsettled" } : { kind: "unreadable", reason };
  }
}

export function isSame(one: FileStamp, other: FileStamp): boolean {
  return one.size === other.size && one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs;
}
