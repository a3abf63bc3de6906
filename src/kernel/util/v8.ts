import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { makeFolders } from "./make-folders.ts";

/**
 * Keeps V8's heap small: the young generation at its initial size, and the old one collected when it has grown by 15 %. To be called before
 * anything else is loaded: the young one does not shrink again, and the limit of the old one follows from its first collection, which comes late
 * in a heap that was promised more. V8 reads both flags at each collection, so that they may be set at run time (docs/decisions/080).
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  isKeptSmall = true;
  setGrowth();
}

let isKeptSmall = false;
/** How much is under way of what makes a heap grow. */
let growing = 0;

/**
 * Until the returned function is called, a heap that is kept small is collected only when it has doubled: where much is made that stays, each
 * collection walks all of it for nothing.
 */
export function letHeapGrow(): () => void {
  growing += 1;
  setGrowth();
  return () => {
    growing -= 1;
    setGrowth();
  };
}

function setGrowth(): void {
  if (isKeptSmall) setFlagsFromString(`--heap-growing-percent=${growing > 0 ? 100 : 15}`);
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
