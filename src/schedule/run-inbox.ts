import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { ScheduleAnswer, ScheduleRequestStore } from "../state/schedule-request.ts";
import { type CommandInboxOptions, sleepUntilAdded } from "./command-inbox.ts";

export interface RunInbox {
  store: Pick<ScheduleRequestStore, "take" | "answer">;
  clock: Clock;
  runId: string;
  /** As of `CommandInboxOptions`. */
  added?: CommandInboxOptions["added"];
}

/** Works on a run under a signal that another process may abort, too, by a request to this run. A look for one costs a read a second. */
export async function cancellable<Result>(
  inbox: RunInbox,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const cancelled = new AbortController();
  const ended = new AbortController();
  const served = serve(inbox, cancelled, ended.signal);
  try {
    return await work(AbortSignal.any([signal, cancelled.signal]));
  } finally {
    ended.abort();
    await served;
  }
}

/** Until the run has ended; repeated requests are answered each time, and one that comes too late is refused. */
async function serve(
  { store, clock, runId, added }: RunInbox,
  cancelled: AbortController,
  ended: AbortSignal,
) {
  while (!ended.aborted) {
    await sleepUntilAdded({ clock, added }, ended).catch(() => undefined);
    // A state that cannot be read or written ends the run by what it has to do there itself.
    const requests = await store.take(clock.now(), runId).catch(() => []);
    const hasEnded = ended.aborted;
    if (requests.length > 0 && !hasEnded) cancelled.abort(onRequest(runId));
    const answer = hasEnded ? tooLate(runId) : ({ ok: true, runId } as const);
    for (const { id } of requests) await store.answer(id, answer).catch(() => undefined);
  }
}

function onRequest(runId: string): ConnectorError {
  return new ConnectorError("CANCELLED", "the run was cancelled on request", { subject: runId });
}

function tooLate(runId: string): ScheduleAnswer {
  return { ok: false, code: "RUN_NOT_ACTIVE", message: `run ${runId} has ended` };
}
