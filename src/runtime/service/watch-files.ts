import { statSync } from "node:fs";
import { alignedDelay } from "../../kernel/util/due-time.ts";

/** Polling interval. Polling works on every file system, across links and for replaced files. Milliseconds. */
const everyMs = 1000;

/**
 * Calls `changed` after any of the files was changed, created or removed. Returns the function that stops it. Does not keep the
 * process alive. The first poll happens before it returns, so that a caller who then reads the files misses no change.
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

/** Changes whenever the file is written or replaced. */
function stateOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "none";
  }
}
