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
  #numbers = new Float64Array(16 * rowLength);
  #hashes = Buffer.alloc(16 * hashBytes);
  #flags = new Uint8Array(16);
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
    this.#makeRoomFor(row);
    const at = row * rowLength;
    for (const [n, name] of numbers.entries()) this.#numbers[at + n] = file[name];
    for (const [n, name] of readNumbers.entries())
      this.#numbers[at + numbers.length + n] = file.read?.[name] ?? 0;
    this.#flags[row] = file.read === undefined ? 0 : isRead + (file.read.isOwnId ? isOwnId : 0);
    const rare = { ...raritiesOf(path, file), ...this.#putHash(row, file.read?.hash ?? "") };
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

  #makeRoomFor(row: number): void {
    const rows = this.#flags.length;
    if (row < rows) return;
    // A half more: twice as much would stand empty in the largest folders.
    const wanted = Math.ceil(rows * 1.5);
    const [oldNumbers, oldHashes, oldFlags] = [this.#numbers, this.#hashes, this.#flags];
    this.#numbers = new Float64Array(wanted * rowLength);
    this.#numbers.set(oldNumbers);
    this.#hashes = Buffer.alloc(wanted * hashBytes);
    oldHashes.copy(this.#hashes);
    this.#flags = new Uint8Array(wanted);
    this.#flags.set(oldFlags);
  }

  /** Keeps a hash as its bytes; what is none, of another version, as it is. */
  #putHash(row: number, hash: string): Pick<Rarities, "hash"> {
    const bytes = Buffer.from(hash, "base64url");
    if (bytes.length !== hashBytes) return { hash };
    bytes.copy(this.#hashes, row * hashBytes);
    return {};
  }

  #fileAt(path: string, row: number): KnownFile {
    const { spelling = path, shownAs, ...rare } = this.#rarities.get(row) ?? {};
    const [size = 0, mtimeMs = 0, ctimeMs = 0, dateMs = 0, change = 0, noticedAt = 0] =
      this.#numbers.subarray(row * rowLength);
    const read = this.#readAt(path, row, rare);
    const known = { path, spelling, size, mtimeMs, ctimeMs, dateMs, change, noticedAt };
    return { ...known, ...(read && { read }), ...(shownAs !== undefined && { shownAs }) };
  }

  #readAt(path: string, row: number, rare: Rarities): KnownFile["read"] {
    const flags = this.#flags[row] ?? 0;
    if (flags === 0) return undefined;
    const [firstDate = 0, at = 0] = this.#numbers.subarray(row * rowLength + numbers.length);
    const start = row * hashBytes;
    const hash = rare.hash ?? this.#hashes.toString("base64url", start, start + hashBytes);
    const { id = path, media = {} } = rare;
    return { id, isOwnId: (flags & isOwnId) !== 0, hash, firstDate, at, media };
  }
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
