import type { ConnectorConfig } from "../../config/config.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { asItIs } from "../../sync/report/lost-runs.ts";

type State = Pick<StateManager, "countRows" | "listRuns" | "getRun" | "holderOf">;
type Asked = Pick<ConnectorConfig, "id">;

/** More connectors are counted, not named. */
const mostNamed = 3;

/** Of connectors of which the ledger knows no memory, why, for people; null where it knows one of any of them. */
export async function whyNothingIsKnown(state: State, connectors: readonly Asked[]): Promise<string | null> {
  for (const { id } of connectors) {
    const counts = await state.countRows(id);
    if (Object.values(counts).some((count) => count > 0)) return null;
  }
  if (connectors.length === 0) return "There is no connector, and so no memory.";
  const named = connectors.slice(0, mostNamed);
  const reasons = await Promise.all(named.map((one) => whyNotRead(state, one)));
  const more = connectors.length - named.length;
  if (more > 0) reasons.push(`No memory of ${plural(more, "other connector")} is known either.`);
  return reasons.join(" ");
}

async function whyNotRead(state: State, { id }: Asked): Promise<string> {
  const [newest] = (await state.listRuns({ connectorId: id, limit: 1 })).runs;
  if (newest === undefined) return `${id} was never read: no run of it has begun.`;
  const { outcome, errors } = await asItIs(state, newest);
  if (outcome === "running") return `${id} is being read for the first time.`;
  const [error] = errors;
  if (error !== undefined)
    return `${id} has brought no memory: its last run ended with ${error.code}: ${error.message}.`;
  return outcome === "success"
    ? `${id} has brought no memory: its last run read its source and found none.`
    : `${id} has brought no memory: its last run was ${outcome}.`;
}
