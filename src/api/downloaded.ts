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
 * Lets `write` create a file in a private folder below `folder`, and opens it. The file is unlinked before this resolves, so it
 * lives as long as its reader. Throws `ARCHIVE_NOT_WRITTEN`, and the errors of `write`, before a byte is sent.
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
