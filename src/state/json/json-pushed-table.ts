import type { LedgerKey } from "../../domain/ledger-row.ts";
import type { PushedMemory } from "../../domain/pushed-memory.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import type { LedgerScope } from "../state-manager.ts";
import type { PushedTable } from "../state-tables.ts";
import { copyOf, type JsonRecord, JsonTable, type UndoLog } from "./json-table.ts";

type Place = LedgerKey & Pick<PushedMemory, "number">;
type Stored = Place & JsonRecord;

/** What programs have sent, in memory; in the order of its numbers. */
export class JsonPushedTable implements PushedTable {
  readonly #entries: JsonTable<Place, Stored>;

  constructor(log: UndoLog) {
    this.#entries = new JsonTable(log, { identity: compareKeys, listing: compareNumbers });
  }

  get(key: LedgerKey): PushedMemory | undefined {
    const stored = this.#find(key);
    return stored === undefined ? undefined : copyOf<PushedMemory>(stored);
  }

  save(entry: PushedMemory): void {
    const { connectorId, contextId, memoryId, number } = entry;
    const json = JSON.stringify(entry);
    this.#entries.replace(this.#find(entry), { connectorId, contextId, memoryId, number, json });
  }

  page({ connectorId, contextId }: LedgerScope, after: number, limit: number): PushedMemory[] {
    const found: PushedMemory[] = [];
    for (const stored of this.#of(connectorId, after)) {
      if (found.length === limit) break;
      if (stored.contextId === contextId) found.push(copyOf<PushedMemory>(stored));
    }
    return found;
  }

  newest(connectorId: string): number {
    const place = { connectorId, contextId: "", memoryId: "", number: Number.POSITIVE_INFINITY };
    for (const stored of this.#entries.inReverseListingOrder(place))
      return stored.connectorId === connectorId ? stored.number : 0;
    return 0;
  }

  removeSome(connectorId: string, limit: number): number {
    const some = this.#of(connectorId, 0).take(limit).toArray();
    for (const stored of some) this.#entries.replace(stored, undefined);
    return some.length;
  }

  /** The text of every entry. */
  *texts(): Generator<string> {
    for (const { json } of this.#entries.inIdentityOrder()) yield json;
  }

  #find({ connectorId, contextId, memoryId }: LedgerKey): Stored | undefined {
    return this.#entries.find({ connectorId, contextId, memoryId, number: 0 });
  }

  *#of(connectorId: string, after: number): Generator<Stored> {
    const place = { connectorId, contextId: "", memoryId: "", number: after };
    for (const stored of this.#entries.inListingOrder(place)) {
      if (stored.connectorId !== connectorId) return;
      yield stored;
    }
  }
}

function compareKeys(a: LedgerKey, b: LedgerKey): number {
  return (
    compareCodePoints(a.connectorId, b.connectorId) ||
    compareCodePoints(a.contextId, b.contextId) ||
    compareCodePoints(a.memoryId, b.memoryId)
  );
}

function compareNumbers(a: Place, b: Place): number {
  return compareCodePoints(a.connectorId, b.connectorId) || a.number - b.number;
}
