import type { Clock } from "../kernel/util/clock.ts";

/** Options of an embedded backend for opening a state for writing. */
export interface BackendOptions {
  path: string;
  clock: Clock;
  /** Called for harmless failures, such as a failed backup. */
  onWarning(message: string): void;
}
