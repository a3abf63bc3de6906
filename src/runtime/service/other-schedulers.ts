import type { Logger } from "../../observe/logs.ts";
import { severalSchedulers } from "../../operations/doctor/other-schedulers.ts";
import type { StateManager } from "../../state/state-manager.ts";

/** Makes this process known as one that schedules, and says in the log where it is not the only one. */
export async function warnOfOtherSchedulers(
  state: Pick<StateManager, "announceScheduler" | "schedulers" | "sharedRuns">,
  log: Pick<Logger, "info" | "warn">,
): Promise<void> {
  await state.announceScheduler();
  const several = await severalSchedulers(state);
  if (several === null) return;
  const { message, fix } = several;
  if (fix === null) log.info(message);
  else log.warn(`${message} · ${fix}`);
}
