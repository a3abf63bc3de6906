import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import type { SeenIds } from "../seen-ids.ts";
import type { SyncParts } from "../sync-parts.ts";
import type { SyncSettings } from "../sync-settings.ts";
import type { DriftTally } from "./drift-tally.ts";
import type { Inventory } from "./inventory.ts";

export interface DriftParts extends SyncParts {
  settings: SyncSettings;
  /** Ids of other connectors whose documents may have names of ours: they have a context of ours in the same LightRAG. */
  sharers: readonly string[];
}

/** A document under a name of ours that the ledger does not want there. */
export interface Unclaimed {
  contextId: string;
  memoryId: string;
  record: DocumentRecord;
}

/** A row that LightRAG does not bear out although its memory is there to be delivered again. */
export interface InvalidDelivery {
  row: LedgerRow;
  /** Of the document that is listed under the row's name; null when none does. */
  documentId: string | null;
}

/** What the steps of one check share. Maps and sets go by the key of the memory, see `keyOf`. */
export interface Check {
  parts: DriftParts;
  signal: AbortSignal;
  tally: DriftTally;
  inventory: Inventory;
  unclaimed: Map<string, Unclaimed>;
  /** What is listed under a row's name and is another document than the row's. Before LightRAG 1.5 the text makes the id. */
  foreign: Map<string, DocumentRecord>;
  /** By name: documents whose name ends in a digest of the ids, and so leads to no row; the rows lead to them. */
  shortened: Map<string, DocumentRecord>;
  /** Known to the ledger by the same id, failed by LightRAG's listing. */
  failed: Set<string>;
  /** See `textNumber`: what LightRAG should hold and, by its listing, does not. */
  expected: Map<string, number>;
  /** Memories that LightRAG and the source have and the ledger has forgotten. */
  forgotten: Set<string>;
  /** Memories of the source that lie outside of the connector's range and are not delivered. */
  outside: number;
  /** By context. */
  shown: Map<string, SeenIds>;
}

/** Whether the source shows what the row's document is written from. The notes of a group are looked for one by one. */
export function isShown({ shown }: Check, row: LedgerRow): boolean {
  return isGroup(row) || shown.get(row.contextId)?.has(row.memoryId) === true;
}

/** The row's memory is delivered, and this record of it says that it is not in the graph. */
export function isFailed({ status, chunks }: DocumentRecord): boolean {
  return status === "failed" || (status === "processed" && chunks === 0);
}
