import { chownSync, closeSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Gives a file that root created to the owner of its folder, a service that could neither read nor replace it otherwise. Does
 * nothing for other users, who cannot change owners.
 */
export function giveToOwnerOfFolder(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}

/** Creates an empty file that only its owner may read. An existing one is not touched, not even opened. */
export function createForOwnerOnly(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
    giveToOwnerOfFolder(path);
  } catch (thrown) {
    // An existing file is not opened: closing it would drop SQLite's locks on it (process-lock.ts).
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
  }
}
