import { mkdtemp, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { notWritten } from "../operations/backup/new-file.ts";

export interface Downloaded<Output> {
  output: Output;
  file: Readable;
  /** Of the file. */
  bytes: number;
}

/**
 * Has `write` make a file in a folder of its own below `folder`, for its owner alone, and opens it. Nothing of it is left under any name when
 * this resolves: what is open ends with its reader. Throws `ARCHIVE_NOT_WRITTEN`, and what `write` throws, before a byte has gone out.
 */
export async function downloaded<Output>(
  folder: string,
  write: (path: string) => Promise<Output>,
): Promise<Downloaded<Output>> {
  const place = await mkdtemp(join(folder, ".download-")).catch((thrown) => {
    throw notWritten(folder, thrown);
  });
  try {
    const path = join(place, "file");
    const output = await write(path);
    const handle = await open(path, "r");
    const { size } = await handle.stat();
    return { output, file: handle.createReadStream(), bytes: size };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
