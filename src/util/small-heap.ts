import { setFlagsFromString } from "node:v8";

/**
 * Makes V8 collect garbage early instead of letting the heap grow with what the machine has (docs/decisions/080). Both flags are read
 * anew at each collection, so that they may be set while V8 runs; call it before anything else is loaded.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1 --heap-growing-percent=30");
}
