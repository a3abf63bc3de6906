import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import { compareKeys, isStateEntry, type SectionName, type StateEntry } from "../../state/state-content.ts";
import { partName, type RecordKind, recordKinds } from "./archive-format.ts";
import { recordSchemas } from "./record-schemas.ts";
import type { TarFile } from "./tar-files.ts";

/** One record of an archive, with its kind. */
export type ReadRecord = StateEntry | { section: Exclude<RecordKind, SectionName>; record: unknown };

const partPattern = /^([A-Za-z]+)-\d{6,}\.jsonl$/u;
const lineFeed = 0x0a;

/** Reads the parts of an archive and verifies that no part or record is repeated or out of order. */
export class RecordReader {
  readonly #depth: number;
  #kind: RecordKind | null = null;
  #number = 0;
  #last: StateEntry | null = null;

  /** `depth`: the maximum nesting depth of a record. */
  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Throws `ARCHIVE_DAMAGED` for a part or a record that no export writes. */
  *read({ name, content }: TarFile): Generator<ReadRecord> {
    const kind = this.#advanceTo(name);
    let line = 0;
    for (let from = 0; from < content.length; line++) {
      const to = content.indexOf(lineFeed, from);
      const place = `${name}, line ${line + 1}`;
      if (to < 0) throw damaged(`${place} does not end`);
      const read = {
        section: kind,
        record: this.#parse(kind, content.subarray(from, to), place),
      } as ReadRecord;
      if (isStateEntry(read)) this.#requireOrder(read, place);
      yield read;
      from = to + 1;
    }
  }

  #advanceTo(name: string): RecordKind {
    const kind = recordKinds.find((known) => known === partPattern.exec(name)?.[1]);
    if (kind === undefined) throw damaged(`it holds "${name}"`);
    const number = kind === this.#kind ? this.#number + 1 : 1;
    const goesBack = this.#kind !== null && recordKinds.indexOf(kind) < recordKinds.indexOf(this.#kind);
    if (goesBack || name !== partName(kind, number)) throw damaged(`"${name}" is not where it belongs`);
    if (kind !== this.#kind) this.#last = null;
    this.#kind = kind;
    this.#number = number;
    return kind;
  }

  #parse(kind: RecordKind, line: Buffer, place: string): unknown {
    const reading = readJsonBytes(line, this.#depth);
    if (!reading.ok) throw damaged(`${place} ${reading.problem}`);
    const parsed = recordSchemas[kind].safeParse(reading.value);
    if (parsed.success) return parsed.data;
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    throw damaged(`${place} is no record of its kind${field === "" ? "" : `: ${field}`}`);
  }

  #requireOrder(entry: StateEntry, place: string): void {
    if (this.#last !== null && compareKeys(this.#last, entry) >= 0) throw damaged(`${place} is out of order`);
    this.#last = entry;
  }
}

function damaged(reason: string): ConnectorError {
  return new ConnectorError("ARCHIVE_DAMAGED", `the archive is not what was written: ${reason}`);
}
