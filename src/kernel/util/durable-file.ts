import type { Stats } from "node:fs";
import { copyFile, type FileHandle, open, readlink, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Replaces the file so that a crash or a power cut at any moment leaves either the old or the new content, whole: `write` fills an
 * empty file beside it, which is made durable and renamed over it, and the rename is made durable. Owner and mode of a file that is replaced
 * stay; a new one is its owner's alone. When it throws, nothing is left behind.
 */
export async function replaceWith(
  path: string,
  write: (temporary: string) => Promise<unknown>,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await createPrivateFile(temporary, path);
    await write(temporary);
    await syncFile(temporary);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** As `replaceWith`, with the content of another file, which stays. */
export async function replaceWithCopy(path: string, source: string): Promise<void> {
  await replaceWith(path, (temporary) => copyFile(source, temporary));
}

/** Where `path` is prepared. A crash can leave it behind; whoever owns `path` may remove it. */
export function temporaryPath(path: string): string {
  return `${path}.tmp`;
}

/** Makes names that were created, renamed or removed in the folder durable. Windows cannot and need not. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform !== "win32") await syncFile(path, "r");
}

/** An empty file with the owner and the mode of the one that it will replace; without one, for its owner only. */
async function createPrivateFile(path: string, replaced: string): Promise<void> {
  await rm(path, { force: true });
  const before = await stat(replaced).catch(() => null);
  const handle = await open(path, "wx", 0o600);
  try {
    if (before !== null) await handle.chmod(before.mode & 0o777);
    await giveTo(handle, before ?? (await stat(dirname(replaced))));
  } finally {
    await handle.close();
  }
}

/** What root makes among the files of a service belongs to the service, which could not read it otherwise. */
async function giveTo(handle: FileHandle, { uid, gid }: Pick<Stats, "uid" | "gid">): Promise<void> {
  if (process.getuid?.() === 0) await handle.chown(uid, gid);
}

/** Where a path leads when links are followed, also to something that is not there yet. */
export async function followLinks(path: string, most = 40): Promise<string> {
  const target = await readlink(path).catch(() => null);
  if (target === null || most === 0) return path;
  return followLinks(resolve(dirname(path), target), most - 1);
}

async function syncFile(path: string, flags = "r+"): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
