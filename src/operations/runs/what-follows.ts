import type { Services } from "../operation-context.ts";

/** What brings on what was sent to a connector, or what its source has new. */
export const following = ["run", "resume", "sync"] as const;

/** `run`: a service runs it soon; `resume`: it is paused; `sync`: no service is there that would. */
export async function whatFollows(
  { state }: Pick<Services, "state">,
  connectorId: string,
): Promise<(typeof following)[number]> {
  const schedulers = await state.schedulers();
  if (schedulers.length === 0) return "sync";
  const schedules = await state.listSchedules();
  const isPaused = schedules.some((each) => each.connectorId === connectorId && each.pausedAt !== null);
  return isPaused ? "resume" : "run";
}
