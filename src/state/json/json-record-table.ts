import { compareCodePoints } from "../../util/code-point-order.ts";
import type { StoredRecord } from "../state-content.ts";
import type { RecordCollection, RecordPage, RecordTable } from "../state-tables.ts";
import { type JsonRecord, JsonTable } from "./json-table.ts";
import type { UndoLog } from "./undo-log.ts";

interface Place {
  collection: string;
  id: string;
}

/** The small collections, in memory. */
export class JsonRecordTable implements RecordTable {
  private readonly records: JsonTable<Place, Place & JsonRecord>;

  constructor(log: UndoLog) {
    this.records = new JsonTable(log, { identity: comparePlaces, listing: comparePlaces });
  }

  list(collection: RecordCollection): unknown[] {
    return this.of(collection).map(contentOf);
  }

  get(collection: RecordCollection, id: string): unknown {
    const stored = this.records.find({ collection, id });
    return stored === undefined ? undefined : contentOf(stored);
  }

  save(collection: RecordCollection, id: string, content: unknown): void {
    this.load({ collection, id, content });
  }

  remove(collection: RecordCollection, id: string): void {
    const stored = this.records.find({ collection, id });
    if (stored !== undefined) this.records.replace(stored, undefined);
  }

  page(collection: RecordCollection, { after, limit, reverse }: RecordPage) {
    const all = reverse ? this.of(collection).toReversed() : this.of(collection);
    const isBehind = ({ id }: Place) =>
      after === null || compareCodePoints(id, after) * (reverse ? -1 : 1) > 0;
    const found = all.filter(isBehind).slice(0, limit);
    return found.map((stored) => ({ id: stored.id, record: contentOf(stored) }));
  }

  removeThrough(collection: RecordCollection, id: string): void {
    const gone = this.of(collection).filter((stored) => compareCodePoints(stored.id, id) <= 0);
    for (const stored of gone) this.records.replace(stored, undefined);
  }

  private of(collection: RecordCollection): (Place & JsonRecord)[] {
    const all = [...this.records.inIdentityOrder({ collection, id: "" })];
    return all.filter((record) => record.collection === collection);
  }

  load(record: StoredRecord): void {
    const { collection, id } = record;
    this.records.replace(this.records.find(record), { collection, id, json: JSON.stringify(record) });
  }

  /** The text of every record. */
  *texts(): Generator<string> {
    for (const { json } of this.records.inIdentityOrder()) yield json;
  }
}

function contentOf({ json }: JsonRecord): unknown {
  return (JSON.parse(json) as StoredRecord).content;
}

function comparePlaces(a: Place, b: Place): number {
  return compareCodePoints(a.collection, b.collection) || compareCodePoints(a.id, b.id);
}
