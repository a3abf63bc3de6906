import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { createGunzip } from "node:zlib";
import type * as z from "zod";
import { ConnectorError, isAbort, systemReason } from "../../kernel/errors/connector-error.ts";
import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import {
  type ArchiveFile,
  type ArchiveHead,
  type ArchiveLimits,
  anyHeadSchema,
  archiveLimits,
  archiveVersion,
  headName,
  headSchema,
  manifestName,
  manifestSchema,
  noRecords,
} from "./archive-format.ts";
import { type ReadRecord, RecordReader } from "./read-records.ts";
import { type TarFile, tarFiles } from "./tar-files.ts";

/**
 * Reads an archive once, from front to back, one part in memory at a time. Its records are verified only when `records` has ended
 * without throwing: then every checksum of the manifest matched and nothing was missing.
 */
export class ArchiveReader {
  readonly head: ArchiveHead;
  readonly counts = noRecords();
  readonly #files: AsyncGenerator<TarFile>;
  readonly #limits: ArchiveLimits;
  readonly #seen: ArchiveFile[];

  private constructor(files: AsyncGenerator<TarFile>, limits: ArchiveLimits, first: TarFile) {
    this.#files = files;
    this.#limits = limits;
    this.head = headOf(first, limits);
    this.#seen = [fileOf(first, 0)];
  }

  /** Throws `ARCHIVE_UNREADABLE`, `ARCHIVE_FOREIGN`, `ARCHIVE_TOO_NEW` and what reading throws. */
  static async open(path: string, signal: AbortSignal, limits = archiveLimits): Promise<ArchiveReader> {
    const files = tarFiles(gunzipFile(path, limits, signal), limits);
    try {
      const first = await files.next();
      if (first.done === true) throw foreign("it is empty");
      return new ArchiveReader(files, limits, first.value);
    } catch (thrown) {
      await files.return(undefined);
      throw thrown;
    }
  }

  /** Can be iterated once. Throws `ARCHIVE_DAMAGED` and `ARCHIVE_TOO_LARGE`. */
  async *records(): AsyncGenerator<ReadRecord> {
    const reader = new RecordReader(this.#limits.depth);
    let manifest: z.infer<typeof manifestSchema> | null = null;
    for await (const file of this.#files) {
      if (manifest !== null) throw damaged("something comes after the manifest");
      if (file.name === manifestName) {
        manifest = parse(file, manifestSchema, this.#limits) ?? null;
        if (manifest === null) throw damaged("its manifest cannot be read");
        continue;
      }
      const before = this.#count();
      for (const read of reader.read(file)) {
        this.counts[read.section] += 1;
        yield read;
      }
      this.#seen.push(fileOf(file, this.#count() - before));
    }
    if (manifest === null) throw damaged("its manifest is missing");
    if (!isDeepStrictEqual(manifest.files, this.#seen)) throw damaged("its checksums are wrong");
  }

  /** Idempotent. */
  async close(): Promise<void> {
    await this.#files.return(undefined);
  }

  #count(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }
}

function headOf(file: TarFile, limits: ArchiveLimits): ArchiveHead {
  const any = file.name === headName ? parse(file, anyHeadSchema, limits) : undefined;
  if (any === undefined) throw foreign("it does not begin as one");
  if (any.version > archiveVersion) {
    const message = `the archive has version ${any.version}, this program knows versions up to ${archiveVersion}`;
    throw new ConnectorError("ARCHIVE_TOO_NEW", message);
  }
  const head = parse(file, headSchema, limits);
  if (head === undefined) throw damaged(`${headName} cannot be read`);
  return head;
}

/** Undefined when it does not match the schema. */
function parse<T>({ content }: TarFile, schema: z.ZodType<T>, limits: ArchiveLimits): T | undefined {
  const reading = readJsonBytes(content, limits.depth);
  return reading.ok ? schema.safeParse(reading.value).data : undefined;
}

function fileOf({ name, content }: TarFile, records: number): ArchiveFile {
  return { name, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex"), records };
}

function foreign(reason: string): ConnectorError {
  return new ConnectorError("ARCHIVE_FOREIGN", `this is not an archive of memory-connector: ${reason}`);
}

function damaged(reason: string): ConnectorError {
  return new ConnectorError("ARCHIVE_DAMAGED", `the archive is not what was written: ${reason}`);
}

interface GunzipLimits {
  /** Uncompressed, where it is more than `maxRatio` times the compressed size. */
  freeBytes: number;
  maxRatio: number;
}

/**
 * The uncompressed bytes of a gzip file. Throws `ARCHIVE_UNREADABLE`, `ARCHIVE_FOREIGN` for another format, `ARCHIVE_DAMAGED`, and
 * `ARCHIVE_TOO_LARGE` as soon as the output exceeds the limits (a decompression bomb).
 */
async function* gunzipFile(path: string, limits: GunzipLimits, signal: AbortSignal): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { signal });
  const gunzip = createGunzip();
  // The iteration below throws every error.
  pipeline(file, gunzip, () => undefined);
  let bytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > Math.max(limits.freeBytes, limits.maxRatio * file.bytesRead)) {
        const message = `${path} unpacks to more than ${limits.maxRatio} times its size`;
        throw new ConnectorError("ARCHIVE_TOO_LARGE", message, { subject: path });
      }
      yield chunk;
    }
  } catch (thrown) {
    throw toArchiveError(thrown, path, bytes === 0);
  } finally {
    file.destroy();
  }
}

function toArchiveError(thrown: unknown, path: string, atBeginning: boolean): unknown {
  if (thrown instanceof ConnectorError || isAbort(thrown) || !(thrown instanceof Error)) return thrown;
  const details = { subject: path, cause: thrown };
  const code = "code" in thrown ? String(thrown.code) : "";
  if (!code.startsWith("Z_") && code !== "ERR_STREAM_PREMATURE_CLOSE") {
    return new ConnectorError(
      "ARCHIVE_UNREADABLE",
      `cannot read ${path}: ${systemReason(thrown, path)}`,
      details,
    );
  }
  if (atBeginning && code === "Z_DATA_ERROR") {
    return new ConnectorError("ARCHIVE_FOREIGN", `${path} is not compressed with gzip`, details);
  }
  return new ConnectorError("ARCHIVE_DAMAGED", `${path} cannot be unpacked: ${thrown.message}`, details);
}
