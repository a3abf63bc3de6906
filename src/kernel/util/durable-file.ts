import type { Stats } from "node:fs";
import { copyFile, type FileHandle, open, readlink, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Replaces the file atomically and durably: after a crash or power loss it has either the old or the new content. `write` fills a
 * temporary file in the same folder, which is synced and renamed over it, and the rename is synced. Owner and mode of a replaced
 * file are kept; a new file is readable by its owner only. On failure nothing is left behind.
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

/** The temporary file of `path`. A crash can leave it behind; the owner of `path` may remove it. */
export function temporaryPath(path: string): string {
  return `${path}.tmp`;
}

/** Syncs a folder, so that created, renamed and removed names are durable. Windows cannot and need not. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform !== "win32") await syncFile(path, "r");
}

/** An empty file with owner and mode of the one that it replaces; otherwise readable by its owner only. */
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

/** Files that root creates for a service get the service's owner, which could not read them otherwise. */
async function giveTo(handle: FileHandle, { uid, gid }: Pick<Stats, "uid" | "gid">): Promise<void> {
  if (process.getuid?.() === 0) await handle.chown(uid, gid);
}

/** Resolves symbolic links, also to a target that does not exist yet. */
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
