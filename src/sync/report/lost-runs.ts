import { interrupted, type RunRecord } from "../../domain/run-record.ts";
import type { ConnectorHolder, StateManager } from "../../state/state-manager.ts";

type Begun = Pick<RunRecord, "connectorId" | "startedAt">;

/** The process that works on what is stored as under way; null when it has lost its process. */
export async function processOf(
  state: Pick<StateManager, "holderOf">,
  { connectorId, startedAt }: Begun,
): Promise<ConnectorHolder | null> {
  const holder = await state.holderOf(connectorId);
  // Whoever took the lock later works on something else.
  return holder === null || (holder.since ?? startedAt) > startedAt ? null : holder;
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
