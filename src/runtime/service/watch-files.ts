import { statSync } from "node:fs";
import { alignedDelay } from "../../kernel/util/due-time.ts";

/** How often files are looked at. Looking works on every file system, over links and for files that are replaced whole. Milliseconds. */
const everyMs = 1000;

/**
 * Calls `changed` after any of the files changed, appeared or went since this call. Returns the way to stop. Keeps no process alive.
 * The first look is taken before it returns: who reads the files afterwards misses no change.
 */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  let seen = paths.map(stateOf).join();
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    timer = setTimeout(look, alignedDelay(everyMs, Date.now())).unref();
  };
  const look = () => {
    wait();
    const now = paths.map(stateOf).join();
    if (now === seen) return;
    seen = now;
    changed();
  };
  wait();
  return () => clearTimeout(timer);
}

/** Differs whenever the file was written or replaced. */
function stateOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "none";
  }
}
