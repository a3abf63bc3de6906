import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { plural } from "../../../../kernel/util/readable.ts";

/** The most bytes of one `read`; Linux stops slightly below 2 GiB. */
const maxReadBytes = 1 << 30;

/** What is read or looked through between two pieces of work: it takes some milliseconds. */
export const pieceBytes = 1 << 22;

/** The bytes of a file of any size, or undefined when there is no such file. */
export function* readWhole(path: string): Pieces<Buffer | undefined> {
  const descriptor = openIfThere(path);
  if (descriptor === undefined) return undefined;
  try {
    const bytes = Buffer.allocUnsafeSlow(fstatSync(descriptor).size);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      readFully(descriptor, bytes.subarray(at, at + pieceBytes), at);
      yield;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

/** Fills `target` from `position` on. Throws when the file ends before that. */
export function readFully(descriptor: number, target: Buffer, position: number): void {
  let done = 0;
  while (done < target.length) {
    const wanted = Math.min(maxReadBytes, target.length - done);
    const got = readSync(descriptor, target, done, wanted, position + done);
    if (got === 0) throw new SyntaxError(`the file ends ${plural(target.length - done, "byte")} early`);
    done += got;
  }
}

export function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
