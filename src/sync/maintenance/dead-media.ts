import { isErased } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { type DeadLetterFilter, meansMedium } from "./dead-letter-filter.ts";

type MediaState = Pick<StateManager, "getRows" | "getSyncState" | "saveSyncState" | "unreadMedia">;

/**
 * At most `limit` media of a connector that have crashed their model the maximum number of times; by memory. Media of deleted
 * memories are skipped.
 */
export async function findDeadMedia(
  state: Pick<StateManager, "getRows" | "unreadMedia">,
  connectorId: string,
  filter: DeadLetterFilter,
  limit = Number.POSITIVE_INFINITY,
): Promise<UnreadMedium[]> {
  const isAsked = (medium: UnreadMedium) => medium.standing === "dead" && meansMedium(filter, medium);
  return livingMedia(state, connectorId, isAsked, limit);
}

/**
 * Replays or drops the dead media that the filter selects, and waiting ones if it names their memories or `waiting`. The next run,
 * whose range then includes it, reads a replayed one. Hold the connector's lock.
 */
export async function changeDeadMedia(
  state: MediaState,
  connectorId: string,
  filter: DeadLetterFilter,
  change: "replay" | "drop",
): Promise<UnreadMedium[]> {
  const reached = await reachedMedia(state, connectorId, filter);
  if (change === "drop") {
    await state.unreadMedia.save(reached.map((medium) => ({ ...medium, standing: "dropped" })));
    return reached;
  }
  // First make the next run read it: if interrupted in between, the replay can be requested again.
  for (const medium of reached) await reachBackTo(state, await rowOf(state, medium));
  await state.unreadMedia.remove(reached);
  return reached;
}

/** The media that a change by this filter would affect. Media of deleted memories are skipped. */
export async function reachedMedia(
  state: Pick<StateManager, "getRows" | "unreadMedia">,
  connectorId: string,
  filter: DeadLetterFilter,
): Promise<UnreadMedium[]> {
  const reachesWaiting = ({ memoryId }: UnreadMedium) =>
    filter.status === "waiting" || filter.ids?.includes(memoryId) === true;
  const isReached = (medium: UnreadMedium) =>
    (medium.standing === "dead" || (medium.standing === "waiting" && reachesWaiting(medium))) &&
    meansMedium(filter, medium);
  return livingMedia(state, connectorId, isReached);
}

async function livingMedia(
  state: Pick<StateManager, "getRows" | "unreadMedia">,
  connectorId: string,
  isAsked: (medium: UnreadMedium) => boolean,
  limit = Number.POSITIVE_INFINITY,
): Promise<UnreadMedium[]> {
  const living: UnreadMedium[] = [];
  for (const medium of (await state.unreadMedia.list(connectorId)).filter(isAsked)) {
    if (living.length >= limit) break;
    if (isThere(await rowOf(state, medium))) living.push(medium);
  }
  return living;
}

async function rowOf(
  state: Pick<StateManager, "getRows">,
  { connectorId, contextId, memoryId }: UnreadMedium,
): Promise<LedgerRow | undefined> {
  return (await state.getRows({ connectorId, contextId }, [memoryId])).get(memoryId);
}

function isThere(row: LedgerRow | undefined): row is LedgerRow {
  return row !== undefined && row.status !== "deleted" && !isErased(row);
}

/** Moves the watermark back to the memory, so that the source shows it again. */
async function reachBackTo(state: MediaState, row: LedgerRow | undefined): Promise<void> {
  if (!isThere(row)) return;
  const known = await state.getSyncState(row);
  const at = row.memoryCreatedAt;
  if (known?.watermark == null || at === null || known.watermark <= at) return;
  await state.saveSyncState({ ...known, watermark: at });
}
