import type { LedgerRow } from "../../domain/ledger-row.ts";
import { isSharedFailure } from "../../sinks/lightrag/shared-failures.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { AdmissionControl } from "../guards/admission.ts";
import type { DeliverParts } from "./deliver-parts.ts";

type QueueParts = Pick<DeliverParts, "state" | "settings" | "clock">;

/** The rows that are ready to be sent; none is returned twice as long as the returned ones are sent. */
export interface PendingQueue {
  /** Rows that may be sent in a batch. */
  together(): AsyncIterable<LedgerRow> | Iterable<LedgerRow>;
  /** Rows that are to be sent alone. */
  alone(): AsyncIterable<LedgerRow> | Iterable<LedgerRow>;
  /** Up to `count` rows from the end of the queue. */
  last(count: number): Promise<LedgerRow[]>;
}

/** All pending rows that are due, oldest memory first, or only the admitted ones, in the order of admission. */
export async function openQueue(parts: QueueParts, admission: AdmissionControl): Promise<PendingQueue> {
  return admission.isLimited ? allowedRows(await admission.takePending()) : pendingRows(parts);
}

/** Rows leave `pending` while they are paged through; the cursor follows the order, so none is missed or repeated. */
function pendingRows({ state, settings, clock }: QueueParts): PendingQueue {
  const query = { connectorId: settings.connectorId, statuses: ["pending"], dueBefore: clock.now() } as const;
  async function* rows(alone: boolean) {
    for await (const row of allRows(state, { ...query, order: "oldest" }))
      if (isToBeAlone(row) === alone) yield row;
  }
  return {
    together: () => rows(false),
    alone: () => rows(true),
    last: async (limit) => (await state.pageRows({ ...query, order: "newest" }, { limit })).rows,
  };
}

function allowedRows(rows: readonly LedgerRow[]): PendingQueue {
  const together = rows.filter((row) => !isToBeAlone(row));
  const alone = rows.filter(isToBeAlone);
  return {
    together: () => taken(together),
    alone: () => taken(alone),
    last: async (count) => together.splice(-count),
  };
}

function* taken(rows: LedgerRow[]): Generator<LedgerRow> {
  for (let row = rows.shift(); row !== undefined; row = rows.shift()) yield row;
}

/** Whether the row's document has failed together with others, so that it is to be sent alone. */
export function isToBeAlone({ error }: Pick<LedgerRow, "error">): boolean {
  if (error === null) return false;
  return (
    error.code === "SINK_SHARED_FAILURE" ||
    (error.code === "SINK_DOCUMENT_FAILED" && isSharedFailure(error.message))
  );
}
