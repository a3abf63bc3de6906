import type { ErrTraits } from "./process-io.ts";

/** What the main thread tells the thread in which a command runs. */
export type ToThread = "stop" | "cut-short" | "hang-up";

/** What that thread tells the main thread. */
export type FromThread =
  | { out: string }
  | { err: string }
  | { log: string }
  | { endWithin: number }
  | { exitCode: number };

/** What that thread is begun with. */
export interface ThreadTask extends ErrTraits {
  argv: readonly string[];
}
