import { interrupted, type RunRecord } from "../../domain/run-record.ts";
import type { ConnectorHolder, StateManager } from "../../state/state-manager.ts";

type Begun = Pick<RunRecord, "connectorId" | "runId" | "startedAt">;

/** The process that works on what is stored as under way; null when it has lost its process. */
export async function processOf(
  state: Pick<StateManager, "holderOf">,
  begun: Begun,
): Promise<ConnectorHolder | null> {
  const holder = await state.holderOf(begun.connectorId);
  return holder !== null && worksOn(holder, begun) ? holder : null;
}

/** By its id. A holder that names none, such as one of an earlier version, works on something else if it took the lock later. */
function worksOn({ runId, since }: ConnectorHolder, begun: Begun): boolean {
  return runId === null ? (since ?? begun.startedAt) <= begun.startedAt : runId === begun.runId;
}

/** The record as it is to be shown: one of a run that has lost its process says so before the next run corrects it. Reads only. */
export async function asItIs(
  state: Pick<StateManager, "holderOf" | "getRun" | "countRows">,
  run: RunRecord,
): Promise<RunRecord> {
  if (run.outcome !== "running" || (await processOf(state, run)) !== null) return run;
  // A run saves its end before it gives the lock back.
  const now = (await state.getRun(run.runId)) ?? run;
  return now.outcome === "running" ? interrupted(now, await state.countRows(run.connectorId)) : now;
}
