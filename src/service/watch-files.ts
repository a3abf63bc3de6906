import { unwatchFile, watchFile } from "node:fs";

/** How often files are looked at. Looking works on every file system, over links and for files that are replaced whole. Milliseconds. */
const everyMs = 1000;

/** Calls `changed` after any of the files changed, appeared or went. Returns the way to stop. Keeps no process alive. */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  const listener = (now: { mtimeMs: number; size: number }, before: { mtimeMs: number; size: number }) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) changed();
  };
  for (const path of paths) watchFile(path, { interval: everyMs, persistent: false }, listener);
  return () => {
    for (const path of paths) unwatchFile(path, listener);
  };
}
