import { chownSync, closeSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * What root makes in the folder of a service belongs to the service: it could neither read nor replace it otherwise. Does nothing for
 * other users, who cannot give files away.
 */
export function giveToOwnerOfFolder(path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}

/** An empty file that only its owner may read, where none is yet. One that is there is not touched, not even opened. */
export function createForOwnerOnly(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
    giveToOwnerOfFolder(path);
  } catch (thrown) {
    // An existing file is not opened: closing it would drop SQLite's locks on it (process-lock.ts).
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
  }
}
