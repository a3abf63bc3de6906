import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { replaceWith } from "../../kernel/util/durable-file.ts";
import {
  type ArchiveFile,
  type ArchiveHead,
  headName,
  manifestName,
  noRecords,
  partName,
  type RecordCounts,
  type RecordKind,
} from "./archive-format.ts";
import { tarEnd, tarFile } from "./tar-files.ts";

export interface ArchiveRecord {
  kind: RecordKind;
  record: unknown;
}

/** Size at which a part is closed; about the memory in use at a time. Bytes. */
const partBytes = 4 * 1024 * 1024;

/**
 * Writes an archive of these records, which have to be grouped by kind. The file appears under its name when it is complete and
 * durable, readable by its owner only. Resolves to the number of records of each kind.
 */
export async function writeArchive(
  path: string,
  head: ArchiveHead,
  records: AsyncIterable<ArchiveRecord>,
  signal: AbortSignal,
): Promise<RecordCounts> {
  const counts = noRecords();
  await replaceWith(path, (temporary) => {
    const bytes = Readable.from(archiveBytes(head, records, counts), { objectMode: false });
    return pipeline(bytes, createGzip(), createWriteStream(temporary, { flags: "r+" }), { signal });
  });
  return counts;
}

async function* archiveBytes(
  head: ArchiveHead,
  records: AsyncIterable<ArchiveRecord>,
  counts: RecordCounts,
): AsyncGenerator<Buffer> {
  const mtime = new Date(head.createdAt);
  const files: ArchiveFile[] = [];
  for await (const { name, content, records: number } of allParts(head, records, counts)) {
    const sha256 = createHash("sha256").update(content).digest("hex");
    files.push({ name, bytes: content.length, sha256, records: number });
    yield tarFile({ name, content }, mtime);
  }
  yield tarFile({ name: manifestName, content: json({ files }) }, mtime);
  yield tarEnd();
}

interface Part {
  name: string;
  content: Buffer;
  records: number;
}

async function* allParts(
  head: ArchiveHead,
  records: AsyncIterable<ArchiveRecord>,
  counts: RecordCounts,
): AsyncGenerator<Part> {
  yield { name: headName, content: json(head), records: 0 };
  yield* recordParts(records, counts);
}

/** Splits the records into parts of one kind each. */
async function* recordParts(
  records: AsyncIterable<ArchiveRecord>,
  counts: RecordCounts,
): AsyncGenerator<Part> {
  const open = new OpenPart();
  for await (const { kind, record } of records) {
    if (open.kind !== kind || open.bytes >= partBytes) yield* open.close(kind);
    open.add(record);
    counts[kind] += 1;
  }
  yield* open.close(null);
}

/** The lines of the part being filled. */
class OpenPart {
  kind: RecordKind | null = null;
  bytes = 0;
  #number = 0;
  #lines: Buffer[] = [];

  add(record: unknown): void {
    const line = json(record);
    this.#lines.push(line);
    this.bytes += line.length;
  }

  /** The current part, unless it is empty; the next one is of the given kind. */
  *close(next: RecordKind | null): Generator<Part> {
    if (this.kind !== null && this.#lines.length > 0) {
      const content = Buffer.concat(this.#lines);
      yield { name: partName(this.kind, this.#number), content, records: this.#lines.length };
    }
    this.#number = next === this.kind ? this.#number + 1 : 1;
    this.kind = next;
    this.#lines = [];
    this.bytes = 0;
  }
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
