import type { ErrTraits } from "./process-io.ts";

/** Messages of the main thread to the command's thread. */
export type ToThread = "stop" | "cut-short" | "hang-up";

/** Messages of that thread to the main thread. */
export type FromThread =
  | { out: string }
  | { err: string }
  | { log: string }
  | { endWithin: number }
  | { exitCode: number };

/** The start data of that thread. */
export interface ThreadTask extends ErrTraits {
  argv: readonly string[];
}
