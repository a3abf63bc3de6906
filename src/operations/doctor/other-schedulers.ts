import { plural } from "../../kernel/util/readable.ts";
import type { StateManager } from "../../state/state-manager.ts";

/**
 * What it means that several processes run the connectors of one state, and what to do, which is nothing where they share their work; null where there
 * are none or one.
 */
export async function severalSchedulers(
  state: Pick<StateManager, "schedulers" | "sharedRuns">,
): Promise<{ message: string; fix: string | null } | null> {
  const holders = await state.schedulers();
  if (holders.length < 2) return null;
  const names = holders.map(({ name }) => name).join("; ");
  if (state.sharedRuns !== null)
    return {
      message: `${plural(holders.length, "service")} share the work on this state: ${names}`,
      fix: null,
    };
  return {
    message:
      `${plural(holders.length, "service")} run connectors by their schedules on this state: ${names}. Each due time is served once, by ` +
      "whichever comes first; but each runs as many connectors at a time as if it were alone, and a change of the " +
      "configuration has to reach them all",
    fix: "stop all but one, or start the others by `memory-connector serve --api-only`",
  };
}
