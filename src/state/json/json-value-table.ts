import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import type { StoredValue } from "../state-content.ts";
import type { ValueTable } from "../state-tables.ts";
import { copyOf, type JsonRecord, JsonTable, type UndoLog } from "./json-table.ts";

interface Place {
  key: string;
  putAt: number;
}

/** Cached values, in memory; newest first. */
export class JsonValueTable implements ValueTable {
  readonly #values: JsonTable<Place, Place & JsonRecord>;

  constructor(log: UndoLog) {
    this.#values = new JsonTable(log, { identity: compareKeys, listing: compareNewestFirst });
  }

  get(key: string): CacheValue | undefined {
    const stored = this.#find(key);
    return stored === undefined ? undefined : copyOf<StoredValue>(stored).value;
  }

  put(key: string, value: CacheValue, putAt: number): void {
    this.load({ key, putAt, value });
  }

  load(value: StoredValue): void {
    const { key, putAt } = value;
    this.#values.replace(this.#find(key), { key, putAt, json: JSON.stringify(value) });
  }

  removeBeginning(prefix: string): CacheValue[] {
    const found = [...this.#values.inIdentityOrder()].filter(({ key }) => key.startsWith(prefix));
    for (const value of found) this.#values.replace(value, undefined);
    return found.map((value) => copyOf<StoredValue>(value).value);
  }

  forget({ before, keep }: { before: number; keep: number }): void {
    const surplus = [...this.#values.inListingOrder()].filter(
      ({ putAt }, at) => at >= keep || putAt < before,
    );
    for (const value of surplus) this.#values.replace(value, undefined);
  }

  /** The text of every value. */
  *texts(): Generator<string> {
    for (const { json } of this.#values.inIdentityOrder()) yield json;
  }

  #find(key: string): (Place & JsonRecord) | undefined {
    return this.#values.find({ key, putAt: 0 });
  }
}

function compareKeys(a: Place, b: Place): number {
  return compareCodePoints(a.key, b.key);
}

function compareNewestFirst(a: Place, b: Place): number {
  return b.putAt - a.putAt || compareKeys(a, b);
}
