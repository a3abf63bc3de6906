import type { Clock } from "../kernel/util/clock.ts";

/** What an embedded backend needs to open a state for writing. */
export interface BackendOptions {
  path: string;
  clock: Clock;
  /** Hears of what went wrong without harm, such as a copy that could not be taken. */
  onWarning(message: string): void;
}
