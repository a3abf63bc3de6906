import type { Backfill } from "../../state/record-stores.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { discover } from "./discover.ts";
import type { DiscoverParts } from "./discover-parts.ts";

/** What the discovery works with where a backfill is under way. */
export interface BackfillParts extends DiscoverParts {
  readonly state: DiscoverParts["state"] & Pick<StateManager, "backfills">;
}

/**
 * Takes the memories of the span up into the ledger, unless an earlier run has. A list that was cut off is read again by the next run.
 * Resolves to the backfill as it is now.
 */
export async function discoverBackfill(parts: BackfillParts, signal: AbortSignal): Promise<Backfill | null> {
  const { backfill, options, report, state, clock } = parts;
  if (backfill === null || backfill.listedAt !== null) return backfill;
  const { since, until } = backfill;
  await discover({ ...parts, options: { ...options, filter: { since, until } } }, signal);
  if (report.truncated !== null) return backfill;
  const listed = { ...backfill, listedAt: clock.now() };
  await state.backfills.save(listed);
  return listed;
}
