import { mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { notWritten } from "../operations/backup/new-file.ts";

export interface Downloaded<Output> {
  output: Output;
  file: Readable;
  /** Of the whole file. */
  bytes: number;
  /** What is given of it: from this byte on, up to but without that one. */
  from: number;
  to: number;
  isPart: boolean;
}

/**
 * Lets `write` create a file in a private folder below `folder`, and opens it. The file is unlinked before this resolves, so it
 * lives as long as its reader. `range` is the header of that name. Throws `ARCHIVE_NOT_WRITTEN`, and the errors of `write`, before a byte is sent.
 */
export async function downloaded<Output>(
  folder: string,
  write: (path: string) => Promise<Output>,
  range?: string,
): Promise<Downloaded<Output>> {
  const place = await mkdtemp(join(folder, ".download-")).catch((thrown) => {
    throw notWritten(folder, thrown);
  });
  try {
    const path = join(place, "file");
    const output = await write(path);
    const handle = await open(path, "r");
    const { size } = await handle.stat();
    const { from, to } = partOf(range, size);
    const isPart = to - from < size;
    // `end` is the last byte; an empty file has none.
    const file = handle.createReadStream(isPart ? { start: from, end: to - 1 } : {});
    return { output, file, bytes: size, from, to, isPart };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/**
 * One range of bytes (RFC 9110 §14.1.2). Several, another unit, and one that lies outside are ignored, as is allowed: the answer is the whole
 * file then.
 */
export function partOf(range: string | undefined, size: number): { from: number; to: number } {
  const whole = { from: 0, to: size };
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/u.exec(range?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return whole;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return from < to ? { from, to } : whole;
}
