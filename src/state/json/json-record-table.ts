import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import type { RecordCollection } from "../ownership.ts";
import type { StoredRecord } from "../state-content.ts";
import type { RecordPage, RecordTable } from "../state-tables.ts";
import { type JsonRecord, JsonTable, type UndoLog } from "./json-table.ts";

interface Place {
  collection: string;
  id: string;
}

/** The small collections, in memory. */
export class JsonRecordTable implements RecordTable {
  readonly #records: JsonTable<Place, Place & JsonRecord>;

  constructor(log: UndoLog) {
    this.#records = new JsonTable(log, { identity: comparePlaces, listing: comparePlaces });
  }

  list(collection: RecordCollection): unknown[] {
    return this.#of(collection).map(contentOf);
  }

  get(collection: RecordCollection, id: string): unknown {
    const stored = this.#records.find({ collection, id });
    return stored === undefined ? undefined : contentOf(stored);
  }

  save(collection: RecordCollection, id: string, content: unknown): void {
    this.load({ collection, id, content });
  }

  remove(collection: RecordCollection, id: string): void {
    const stored = this.#records.find({ collection, id });
    if (stored !== undefined) this.#records.replace(stored, undefined);
  }

  page(collection: RecordCollection, { after, limit, reverse }: RecordPage) {
    const found = (reverse ? this.#before(collection, after) : this.#behind(collection, after)).take(limit);
    return Array.from(found, (stored) => ({ id: stored.id, record: contentOf(stored) }));
  }

  removeThrough(collection: RecordCollection, id: string): void {
    const gone = this.#of(collection).filter((stored) => compareCodePoints(stored.id, id) <= 0);
    for (const stored of gone) this.#records.replace(stored, undefined);
  }

  #of(collection: RecordCollection): (Place & JsonRecord)[] {
    return [...this.#behind(collection, null)];
  }

  *#behind(collection: RecordCollection, after: string | null): Generator<Place & JsonRecord> {
    for (const stored of this.#records.inIdentityOrder({ collection, id: after ?? "" })) {
      if (stored.collection !== collection) return;
      yield stored;
    }
  }

  *#before(collection: RecordCollection, id: string | null): Generator<Place & JsonRecord> {
    for (const stored of this.#records.inReverseListingOrder({ collection, id: id ?? behindEveryId })) {
      if (stored.collection !== collection) return;
      yield stored;
    }
  }

  load(record: StoredRecord): void {
    const { collection, id } = record;
    this.#records.replace(this.#records.find(record), { collection, id, json: JSON.stringify(record) });
  }

  /** The text of every record. */
  *texts(): Generator<string> {
    for (const { json } of this.#records.inIdentityOrder()) yield json;
  }
}

/** Ids are well-formed, so none has the last code point of all and more. */
const behindEveryId = "\u{10ffff}\u{10ffff}";

function contentOf({ json }: JsonRecord): unknown {
  return (JSON.parse(json) as StoredRecord).content;
}

function comparePlaces(a: Place, b: Place): number {
  return compareCodePoints(a.collection, b.collection) || compareCodePoints(a.id, b.id);
}
