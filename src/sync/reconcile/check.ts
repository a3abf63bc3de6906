import { type Drift, type DriftKind, driftKinds } from "../../domain/drift-report.ts";
import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import type { SeenIds } from "../seen-ids.ts";
import type { SyncParts } from "../sync-parts.ts";
import type { SyncSettings } from "../sync-settings.ts";
import type { Inventory } from "./inventory.ts";

export interface DriftParts extends SyncParts {
  settings: SyncSettings;
  /** Ids of other connectors whose documents may have the same names: they have the same context in the same LightRAG. */
  sharers: readonly string[];
}

/** A document with one of our names that the ledger does not expect. */
export interface Unclaimed {
  contextId: string;
  memoryId: string;
  record: DocumentRecord;
}

/** A row that LightRAG contradicts, whose memory can be delivered again. */
export interface InvalidDelivery {
  row: LedgerRow;
  /** Id of the document that is listed under the row's name; null when there is none. */
  documentId: string | null;
}

/** The state that the steps of one check share. Maps and sets are keyed by memory, see `keyOf`. */
export interface Check {
  parts: DriftParts;
  signal: AbortSignal;
  tally: DriftTally;
  inventory: Inventory;
  unclaimed: Map<string, Unclaimed>;
  /** Documents that are listed under a row's name but are not the row's. Before LightRAG 1.5 the id is derived from the text. */
  foreign: Map<string, DocumentRecord>;
  /** By name: documents whose name ends in a digest of the ids, so that only a row can identify them. */
  shortened: Map<string, DocumentRecord>;
  /** Known to the ledger by the same id, but failed in LightRAG's listing. */
  failed: Set<string>;
  /** See `textNumber`: expected texts that LightRAG's listing lacks. */
  expected: Map<string, number>;
  /** Memories that LightRAG and the source have, but not the ledger. */
  forgotten: Set<string>;
  /** Memories of the source that are outside of the connector's range and not delivered. */
  outside: number;
  /** The shown ids by context. */
  shown: Map<string, SeenIds>;
}

/** Whether the source shows the content of the row's document. The notes of a group are checked individually. */
export function isShown({ shown }: Check, row: LedgerRow): boolean {
  return isGroup(row) || shown.get(row.contextId)?.has(row.memoryId) === true;
}

/** Whether a delivered document is not in the graph according to its record. */
export function isFailed({ status, chunks }: DocumentRecord): boolean {
  return status === "failed" || (status === "processed" && chunks === 0);
}

const maxExamples = 5;

/** Counts findings. Holds counts and a few examples, never items. */
export class DriftTally {
  readonly #groups = new Map<DriftKind, { count: number; examples: string[] }>();

  add(kind: DriftKind, example: string): void {
    const group = this.#groups.get(kind) ?? { count: 0, examples: [] };
    group.count += 1;
    if (group.examples.length < maxExamples) group.examples.push(example);
    this.#groups.set(kind, group);
  }

  toDrift(): Drift {
    const none = { count: 0, examples: [] };
    const entries = driftKinds.map((kind) => [kind, this.#groups.get(kind) ?? none]);
    return Object.fromEntries(entries) as Drift;
  }
}
