import { toConnectorError } from "../errors/connector-error.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { Clock } from "../util/clock.ts";

/** A store that takes longer does not answer. Milliseconds. */
const patienceMs = 2000;

/** Asks the state store something small. Resolves to what is wrong, as a sentence, or to null when it answers in time. */
export async function probeState(
  state: Pick<StateManager, "listRuns">,
  clock: Clock,
): Promise<string | null> {
  const answered = new AbortController();
  const answer = state.listRuns({ limit: 1 }).then(
    () => null,
    (error: unknown) => toConnectorError(error).format(),
  );
  const tooLate = clock.sleep(patienceMs, answered.signal).then(
    () => `does not answer within ${patienceMs} ms`,
    () => null,
  );
  return Promise.race([answer, tooLate]).finally(() => answered.abort());
}
