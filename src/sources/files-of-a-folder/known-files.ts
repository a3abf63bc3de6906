import type { FoundFile } from "./walk-folder.ts";

/** A file as it is remembered. Times in milliseconds since the epoch. */
export interface KnownFile extends FoundFile {
  /** The sequence number of its last change. */
  change: number;
  /** When that change was noticed. */
  noticedAt: number;
  /** It was there, and has not been found elsewhere yet. */
  vanished?: true;
  /** The id under which it was shown as what cannot be carried, where it has never been read. */
  shownAs?: string;
  /** What is known once the file has been read. */
  read?: {
    /** The memory's id, and whether the file itself says it. */
    id: string;
    isOwnId: boolean;
    /** SHA-256 of the bytes, in base64url. */
    hash: string;
    /** The file's own date when it was first seen: copying a file changes it. */
    firstDate: number;
    /** The memory's own time. */
    at: number;
    /** The recording and the picture that it includes, by their paths. */
    media: { audio?: string; image?: string };
  };
}

/** Numbers of a file, in the order in which a row has them. */
const numbers = ["size", "mtimeMs", "ctimeMs", "dateMs", "change", "noticedAt"] as const;
const readNumbers = ["firstDate", "at"] as const;
const rowLength = numbers.length + readNumbers.length;

/** A SHA-256. */
const hashBytes = 32;
const isRead = 1;
const isOwnId = 2;

/** So many rows stand in one block: a large folder takes a block more, and copies nothing to have room. */
const blockRows = 1_024;

interface Block {
  numbers: Float64Array;
  hashes: Buffer;
  flags: Uint8Array;
}

const newBlock = (): Block => ({
  numbers: new Float64Array(blockRows * rowLength),
  hashes: Buffer.alloc(blockRows * hashBytes),
  flags: new Uint8Array(blockRows),
});

/** What few files have, or have in another form than the others. */
interface Rarities {
  spelling?: string;
  id?: string;
  hash?: string;
  media?: NonNullable<KnownFile["read"]>["media"];
  shownAs?: string;
}

/**
 * Known files by their paths, as a Map would have them, in a quarter of the memory: numbers and hashes of all files stand in a few long rows, and only what
 * differs from the path is kept beside it. What is given out is a copy.
 */
export class KnownFiles {
  readonly #rows = new Map<string, number>();
  /** Rows of files that were deleted. */
  readonly #free: number[] = [];
  readonly #blocks: Block[] = [];
  readonly #rarities = new Map<number, Rarities>();

  get size(): number {
    return this.#rows.size;
  }

  has(path: string): boolean {
    return this.#rows.has(path);
  }

  keys(): MapIterator<string> {
    return this.#rows.keys();
  }

  *values(): Generator<KnownFile> {
    for (const [path, row] of this.#rows) yield this.#fileAt(path, row);
  }

  get(path: string): KnownFile | undefined {
    const row = this.#rows.get(path);
    return row === undefined ? undefined : this.#fileAt(path, row);
  }

  set(path: string, file: KnownFile): void {
    const row = this.#rows.get(path) ?? this.#free.pop() ?? this.#rows.size;
    this.#rows.set(path, row);
    const { block, at } = this.#placeOf(row);
    const start = at * rowLength;
    for (const [n, name] of numbers.entries()) block.numbers[start + n] = file[name];
    for (const [n, name] of readNumbers.entries())
      block.numbers[start + numbers.length + n] = file.read?.[name] ?? 0;
    block.flags[at] = file.read === undefined ? 0 : isRead + (file.read.isOwnId ? isOwnId : 0);
    const rare = { ...raritiesOf(path, file), ...putHash(block, at, file.read?.hash ?? "") };
    if (Object.keys(rare).length > 0) this.#rarities.set(row, rare);
    else this.#rarities.delete(row);
  }

  delete(path: string): boolean {
    const row = this.#rows.get(path);
    if (row === undefined) return false;
    this.#rows.delete(path);
    this.#rarities.delete(row);
    this.#free.push(row);
    return true;
  }

  #placeOf(row: number): { block: Block; at: number } {
    const number = Math.floor(row / blockRows);
    const block = this.#blocks[number] ?? newBlock();
    this.#blocks[number] = block;
    return { block, at: row % blockRows };
  }

  #fileAt(path: string, row: number): KnownFile {
    const { spelling = path, shownAs, ...rare } = this.#rarities.get(row) ?? {};
    const { block, at } = this.#placeOf(row);
    const [size = 0, mtimeMs = 0, ctimeMs = 0, dateMs = 0, change = 0, noticedAt = 0] =
      block.numbers.subarray(at * rowLength);
    const read = readAt(path, { block, at, rare });
    const known = { path, spelling, size, mtimeMs, ctimeMs, dateMs, change, noticedAt };
    return { ...known, ...(read && { read }), ...(shownAs !== undefined && { shownAs }) };
  }
}

/** Keeps a hash as its bytes; what is none, of another version, as it is. */
function putHash({ hashes }: Block, at: number, hash: string): Pick<Rarities, "hash"> {
  const bytes = Buffer.from(hash, "base64url");
  if (bytes.length !== hashBytes) return { hash };
  bytes.copy(hashes, at * hashBytes);
  return {};
}

function readAt(
  path: string,
  { block, at, rare }: { block: Block; at: number; rare: Rarities },
): KnownFile["read"] {
  const flags = block.flags[at] ?? 0;
  if (flags === 0) return undefined;
  const [firstDate = 0, time = 0] = block.numbers.subarray(at * rowLength + numbers.length);
  const start = at * hashBytes;
  const hash = rare.hash ?? block.hashes.toString("base64url", start, start + hashBytes);
  const { id = path, media = {} } = rare;
  return { id, isOwnId: (flags & isOwnId) !== 0, hash, firstDate, at: time, media };
}

function raritiesOf(path: string, { spelling, shownAs, read }: KnownFile): Rarities {
  const hasMedia = read !== undefined && Object.keys(read.media).length > 0;
  return {
    ...(spelling !== path && { spelling }),
    ...(shownAs !== undefined && { shownAs }),
    ...(read !== undefined && read.id !== path && { id: read.id }),
    ...(hasMedia && { media: read.media }),
  };
}
