import { type ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { StateManager } from "../state/state-manager.ts";

/** Time limit of the probe. Milliseconds. */
const patienceMs = 2000;

export interface StateProblem {
  /** `degraded`: it responds, but cannot be written until disk space is free. */
  status: "degraded" | "down";
  /** A sentence. */
  message: string;
}

/** Probes the state store with a cheap query. Resolves to the problem, or to null when it responds in time. */
export async function probeState(
  state: Pick<StateManager, "listRuns" | "condition">,
  clock: Clock,
): Promise<StateProblem | null> {
  const answered = new AbortController();
  const answer = ask(state).catch((error: unknown) => problemOf(toConnectorError(error)));
  const tooLate = clock.sleep(patienceMs, answered.signal).then(
    (): StateProblem => ({ status: "down", message: `does not answer within ${patienceMs} ms` }),
    () => null,
  );
  return Promise.race([answer, tooLate]).finally(() => answered.abort());
}

async function ask(state: Pick<StateManager, "listRuns" | "condition">): Promise<StateProblem | null> {
  await state.listRuns({ limit: 1 });
  const error = await state.condition();
  return error === null ? null : problemOf(error);
}

function problemOf(error: ConnectorError): StateProblem {
  return { status: error.code === "STATE_DISK_FULL" ? "degraded" : "down", message: error.format() };
}
