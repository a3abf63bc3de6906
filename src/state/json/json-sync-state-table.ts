import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import type { LedgerScope, SyncState } from "../state-manager.ts";
import type { SyncStateTable } from "../state-tables.ts";
import { copyOf, type JsonRecord, JsonTable, type UndoLog } from "./json-table.ts";

/** The sync states of contexts, in memory. */
export class JsonSyncStateTable implements SyncStateTable {
  readonly #states: JsonTable<LedgerScope, LedgerScope & JsonRecord>;

  constructor(log: UndoLog) {
    this.#states = new JsonTable(log, { identity: compareScopes, listing: compareScopes });
  }

  get(scope: LedgerScope): SyncState | null {
    const stored = this.#states.find(scope);
    return stored === undefined ? null : copyOf<SyncState>(stored);
  }

  save(state: SyncState): void {
    const { connectorId, contextId } = state;
    this.#states.replace(this.#states.find(state), { connectorId, contextId, json: JSON.stringify(state) });
  }

  removeConnector(connectorId: string): void {
    const stored = [...this.#states.inIdentityOrder()].filter((state) => state.connectorId === connectorId);
    for (const state of stored) this.#states.replace(state, undefined);
  }

  /** The text of every sync state. */
  *texts(): Generator<string> {
    for (const { json } of this.#states.inIdentityOrder()) yield json;
  }
}

function compareScopes(a: LedgerScope, b: LedgerScope): number {
  return compareCodePoints(a.connectorId, b.connectorId) || compareCodePoints(a.contextId, b.contextId);
}
