import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { makeFolders } from "./make-folders.ts";

// V8 reads both flags at each collection, so that they may be set at run time (docs/decisions/080).

/** Keeps the young generation at its initial size. To be called before anything else is loaded: it does not shrink again. */
export function keepNewSpaceSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** Collects the old generation when it has grown by 15 %. For long-running work, not for short commands. */
export function keepOldSpaceSmall(): void {
  setFlagsFromString("--heap-growing-percent=15");
}

/**
 * Caches compiled code for the next process, which halves its start time. Without a folder for it nothing is cached; Node's own
 * attempt to create one never returns in some places (see `makeFolders`).
 */
export function keepCompiledCode(): void {
  const folder = join(tmpdir(), "node-compile-cache");
  try {
    makeFolders(folder);
  } catch {
    return;
  }
  enableCompileCache(folder);
}
