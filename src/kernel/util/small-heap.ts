import { setFlagsFromString } from "node:v8";

// Both flags are read anew at each collection, so that they may be set while V8 runs (docs/decisions/080).

/** Keeps the space for new objects at its first size. Before anything else is loaded: what has grown does not shrink. */
export function keepNewSpaceSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** Collects old objects when they have grown by 15 %. Before long work, and not before a command that only looks. */
export function keepOldSpaceSmall(): void {
  setFlagsFromString("--heap-growing-percent=15");
}
