import { isGathering, type LedgerRow } from "../../domain/ledger-row.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { DeliverParts } from "./deliver-parts.ts";

type DueParts = Pick<DeliverParts, "state" | "ledger" | "clock" | "settings">;

const chunkSize = 100;

/** Makes rows due whose next attempt is later than any backoff allows: it was written while the clock was ahead. */
export function bringImplausibleForward(parts: DueParts): Promise<void> {
  return bringForward(parts, parts.clock.now() + parts.settings.retry.maxBackoffMs);
}

/** Makes all rows due whose next attempt is after `latest`, in milliseconds since the epoch. */
export async function bringForward(
  { state, settings, ledger }: Omit<DueParts, "clock">,
  latest: number,
): Promise<void> {
  const query = { connectorId: settings.connectorId, statuses: ["failed", "deleting"] } as const;
  async function* late() {
    for await (const row of allRows(state, query))
      if (row.nextAttemptAt !== null && row.nextAttemptAt > latest && !isGathering(row)) yield row;
  }
  for await (const rows of batchesOf(late(), chunkSize)) await retry(ledger, rows);
}

/** Retries failed rows that are due: they are sent again, or first removed if LightRAG holds the failed document. */
export async function retryDueFailures({ state, settings, clock, ledger }: DueParts): Promise<void> {
  for (;;) {
    const query = {
      connectorId: settings.connectorId,
      statuses: ["failed"],
      dueBefore: clock.now(),
    } as const;
    const { rows } = await state.pageRows(query, { limit: chunkSize });
    if (rows.length === 0) return;
    await retry(ledger, rows);
  }
}

async function retry(ledger: DueParts["ledger"], rows: readonly LedgerRow[]): Promise<void> {
  await ledger.apply(rows.map((row) => ({ row, event: { type: "retry" } })));
}

/** Whether documents of groups wait until their notes have come to rest. */
export async function hasGatheringRows({
  state,
  settings,
  clock,
}: Omit<DueParts, "ledger">): Promise<boolean> {
  const { connectorId } = settings;
  const statuses = ["pending", "deleting"] as const;
  if ((await state.earliestAttempt(connectorId, statuses)) === null) return false;
  for await (const row of allRows(state, { connectorId, statuses }))
    if (isGathering(row) && (row.nextAttemptAt ?? 0) > clock.now()) return true;
  return false;
}
