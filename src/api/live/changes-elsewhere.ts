import type { StateManager } from "../../state/state-manager.ts";
import type { LiveFeed } from "./live-feed.ts";

/** Milliseconds. */
const lookEveryMs = 2_000;

/** More than can be under way at once. */
const newestRuns = 50;

const reason = "another process has gone on with its runs; its events do not come here";

/**
 * Events stay in the process that works. In one that runs nothing, readers are told that they missed some whenever runs or schedules have
 * changed. Costs nothing while nobody reads. Returns a function that ends it.
 */
export function followElsewhere(
  feed: LiveFeed,
  state: Pick<StateManager, "listRuns" | "listSchedules">,
): () => void {
  let known: string | null = null;
  const look = async () => {
    const found = feed.hasReaders ? await shownOf(state) : null;
    if (known !== null && found !== null && found !== known) feed.tellMissed(reason);
    known = found;
  };
  // A state that cannot be read is told by every request.
  const timer = setInterval(() => void look().catch(() => undefined), lookEveryMs).unref();
  return () => clearInterval(timer);
}

async function shownOf(state: Pick<StateManager, "listRuns" | "listSchedules">): Promise<string> {
  const [{ runs }, schedules] = await Promise.all([
    state.listRuns({ limit: newestRuns, after: null }),
    state.listSchedules(),
  ]);
  return JSON.stringify([runs, schedules]);
}
