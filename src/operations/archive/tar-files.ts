import { Header } from "tar";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";

export interface TarFile {
  name: string;
  content: Buffer;
}

export interface TarLimits {
  /** Of one file. */
  partBytes: number;
  parts: number;
}

const blockBytes = 512;

/** A file as a tar entry: header, content, padding. The name has at most 100 characters. */
export function tarFile({ name, content }: TarFile, mtime: Date): Buffer {
  const header = new Header({ path: name, size: content.length, mode: 0o600, mtime, type: "File" });
  const head = Buffer.alloc(blockBytes);
  header.encode(head);
  return Buffer.concat([head, content, Buffer.alloc(paddingOf(content.length))]);
}

/** The end marker of a tar. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * blockBytes);
}

/**
 * The files of a tar, one in memory at a time. Only regular files are accepted; names are never used as paths. Throws
 * `ARCHIVE_FOREIGN` for anything else, `ARCHIVE_DAMAGED` for a truncated tar, `ARCHIVE_TOO_LARGE`.
 */
export async function* tarFiles(bytes: AsyncIterable<Buffer>, limits: TarLimits): AsyncGenerator<TarFile> {
  const source = new ExactReader(bytes);
  for (let number = 1; ; number++) {
    const header = headerOf(await source.read(blockBytes));
    if (header.nullBlock) return source.drain();
    const { name, size } = plainFile(header);
    if (size > limits.partBytes) throw tooLarge(`${name} has ${plural(size, "byte")}`);
    if (number > limits.parts) throw tooLarge(`it has more than ${limits.parts} files`);
    const content = await source.read(size);
    await source.read(paddingOf(size));
    yield { name, content };
  }
}

function headerOf(block: Buffer): Header {
  try {
    return new Header(block);
  } catch {
    throw foreign("it is no tar");
  }
}

function plainFile(header: Header): { name: string; size: number } {
  const { cksumValid, type, path: name, size } = header;
  if (!cksumValid) throw foreign("it is no tar");
  if (type !== "File" || name === undefined || size === undefined || !(size >= 0)) {
    throw foreign("it holds something other than plain files");
  }
  return { name, size };
}

function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/** Reads exactly the requested number of bytes from a stream. */
class ExactReader {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  /** Throws `ARCHIVE_DAMAGED` when there are fewer. */
  async read(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let missing = count;
    while (missing > this.#rest.length) {
      pieces.push(this.#rest);
      missing -= this.#rest.length;
      const next = await this.#source.next();
      if (next.done === true) throw new ConnectorError("ARCHIVE_DAMAGED", "the archive is cut short");
      this.#rest = next.value;
    }
    pieces.push(this.#rest.subarray(0, missing));
    this.#rest = this.#rest.subarray(missing);
    return Buffer.concat(pieces);
  }

  /** Reads the rest, so that the checksum at the end of the compressed stream is verified. */
  async drain(): Promise<void> {
    while ((await this.#source.next()).done !== true);
  }
}

function foreign(reason: string): ConnectorError {
  return new ConnectorError("ARCHIVE_FOREIGN", `this is not an archive of memory-connector: ${reason}`);
}

function tooLarge(reason: string): ConnectorError {
  return new ConnectorError("ARCHIVE_TOO_LARGE", `the archive is not one that an export writes: ${reason}`);
}
