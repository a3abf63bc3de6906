import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { readableBytes } from "../../kernel/util/readable.ts";
import { type Diagnosis, failure, fine, problem, warning } from "./diagnosis.ts";

/** A write-ahead log and a copy of a small state still fit. */
const scarceBytes = 1_000_000_000;
const tooLittleBytes = 50_000_000;

export type FreeBytes = (folder: string) => Promise<number>;

/** Room on the disks of these folders. One that is yet to be made counts as the one above it. */
export async function checkDisk(
  folders: readonly string[],
  freeBytes: FreeBytes = availableBytes,
): Promise<Diagnosis[]> {
  return Promise.all([...new Set(folders)].map((folder) => checkFolder(folder, freeBytes)));
}

async function checkFolder(folder: string, freeBytes: FreeBytes): Promise<Diagnosis> {
  try {
    const free = await freeBytes(folder);
    const message = `${readableBytes(free)} free for ${folder}`;
    const fix = "make room on this disk, or move the folder";
    if (free < tooLittleBytes) return problem("disk", message, fix);
    return free < scarceBytes ? warning("disk", message, fix) : fine("disk", message);
  } catch (thrown) {
    return failure("disk", thrown);
  }
}

/** What an ordinary user may still write there. */
async function availableBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (thrown) {
    const isMissing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    if (!isMissing || dirname(folder) === folder) throw thrown;
    return availableBytes(dirname(folder));
  }
}
