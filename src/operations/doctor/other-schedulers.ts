import { plural } from "../../kernel/util/readable.ts";
import type { ConnectorHolder } from "../../state/state-manager.ts";

/** What it means that several processes run the connectors of one state, and what to do; null where there are none or one. */
export function severalSchedulers(
  holders: readonly ConnectorHolder[],
): { message: string; fix: string } | null {
  if (holders.length < 2) return null;
  const names = holders.map(({ name }) => name).join("; ");
  return {
    message:
      `${plural(holders.length, "service")} run connectors by their schedules on this state: ${names}. Each due time is served once, by ` +
      "whichever comes first; but limits, such as requests a second and connectors at a time, count in each of them for itself, and a change " +
      "of the configuration has to reach them all",
    fix: "stop all but one, or start the others by `memory-connector serve --api-only`",
  };
}
