import { copyFile, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces the file so that a crash or a power cut at any moment leaves either the old or the new content, whole: `write` fills an
 * empty file beside it, which is made durable and renamed over it, and the rename is made durable. Only the owner may read it. When
 * it throws, nothing is left behind.
 */
export async function replaceWith(
  path: string,
  write: (temporary: string) => Promise<unknown>,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await createPrivateFile(temporary);
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

/** An empty file that only the owner may read, whatever lay there before. */
async function createPrivateFile(path: string): Promise<void> {
  await rm(path, { force: true });
  const handle = await open(path, "wx", 0o600);
  await handle.close();
}

async function syncFile(path: string, flags = "r+"): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
