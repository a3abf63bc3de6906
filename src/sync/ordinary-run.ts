import { newRunId } from "./run-id.ts";
import type { RunOptions } from "./sync-settings.ts";

/** A run of everything there is to do that waits for the proof. `now` in milliseconds since the epoch. */
export function ordinaryRun(trigger: RunOptions["trigger"], now: number): RunOptions {
  return { runId: newRunId(now), trigger, force: false, wait: true, filter: {} };
}
