import type { RunProgress } from "../../domain/run-record.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import { processOf } from "../../sync/report/lost-runs.ts";
import type { OperationContext } from "../operation-context.ts";

type Known = Pick<OperationContext, "services" | "service">;

/** A connector's queued or active run, in any process. Times are milliseconds since the epoch. */
export interface ActiveRun {
  runId: string;
  queuedAt: number;
  /** Null while it waits for its turn. */
  startedAt: number | null;
  progress: RunProgress | undefined;
  /** The process that works on it, for people; null where this one's scheduler does, and while it waits. */
  process: string | null;
}

/** As the scheduler of this process has it, else as the state store and the locks of processes show it. */
export async function activeRunOf(
  known: Known,
  connectorId: string,
  schedule: Readonly<ScheduleState> | undefined,
): Promise<ActiveRun | null> {
  return (
    (await scheduledHere(known, connectorId)) ??
    (await runElsewhere(known, connectorId)) ??
    (await queuedElsewhere(known, schedule))
  );
}

/** The run of another process, a command or another service; null when there is none. */
export async function runElsewhere(known: Known, connectorId: string): Promise<ActiveRun | null> {
  if (jobHere(known, connectorId) !== null) return null;
  const { state } = known.services;
  const [run] = (await state.listRuns({ connectorId, limit: 1 })).runs;
  const comparison = (await state.reconciliations.get(connectorId))?.latest ?? undefined;
  for (const begun of [run, comparison]) {
    if (begun?.outcome !== "running") continue;
    const { runId, startedAt } = begun;
    const holder = await processOf(state, { connectorId, runId, startedAt });
    if (holder === null) continue;
    const progress = begun === run ? run?.progress : undefined;
    return { runId, queuedAt: startedAt, startedAt, progress, process: holder.name };
  }
  return null;
}

async function scheduledHere(known: Known, connectorId: string): Promise<ActiveRun | null> {
  const job = jobHere(known, connectorId);
  if (job === null) return null;
  const { queuedAt, startedAt, request } = job;
  const stored = await known.services.state.getRun(request.runId);
  return { runId: request.runId, queuedAt, startedAt, progress: stored?.progress, process: null };
}

function jobHere({ service }: Known, connectorId: string) {
  return service?.scheduler?.activeRun(connectorId) ?? null;
}

/** A run that was handed out waits for its turn, unless the process that handed it out has gone. */
async function queuedElsewhere(
  { services: { state }, service }: Known,
  schedule: Readonly<ScheduleState> | undefined,
): Promise<ActiveRun | null> {
  const knowsAll = service?.scheduler != null && state.sharedRuns === null;
  if (knowsAll || schedule?.openRun == null) return null;
  const { runId, at: queuedAt } = schedule.openRun;
  if ((await state.getRun(runId)) !== null || !(await state.isInUse())) return null;
  return { runId, queuedAt, startedAt: null, progress: undefined, process: null };
}
