import type { LedgerRow } from "../../domain/ledger-row.ts";
import { isSharedFailure } from "../../sinks/lightrag/shared-failures.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { AdmissionControl } from "../guards/admission.ts";
import type { DeliverParts } from "./deliver-parts.ts";

type QueueParts = Pick<DeliverParts, "state" | "settings">;

/** The rows that are ready to be sent; none is given out twice as long as what was given out is sent. */
export interface PendingQueue {
  /** Those that may travel with others. */
  together(): AsyncIterable<LedgerRow> | Iterable<LedgerRow>;
  /** Those that are to have LightRAG to themselves. */
  alone(): AsyncIterable<LedgerRow> | Iterable<LedgerRow>;
  /** Up to so many from the other end of the queue. */
  last(count: number): Promise<LedgerRow[]>;
}

/** All pending rows, oldest memory first, or those that are allowed, in the order in which they were. */
export async function openQueue(parts: QueueParts, admission: AdmissionControl): Promise<PendingQueue> {
  return admission.isLimited ? allowedRows(await admission.takePending()) : pendingRows(parts);
}

/** Rows leave `pending` while they are paged through; the cursor is by order, so none is missed and none comes twice. */
function pendingRows({ state, settings }: QueueParts): PendingQueue {
  const query = { connectorId: settings.connectorId, statuses: ["pending"] } as const;
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

/** Whether the row's document has failed in a way that LightRAG shares between documents: it is sent with LightRAG to itself. */
export function isToBeAlone({ error }: Pick<LedgerRow, "error">): boolean {
  if (error === null) return false;
  return (
    error.code === "SINK_SHARED_FAILURE" ||
    (error.code === "SINK_DOCUMENT_FAILED" && isSharedFailure(error.message))
  );
}
