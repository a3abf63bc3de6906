import { isDeepStrictEqual } from "node:util";
import { type KnownFile, KnownFiles } from "./known-files.ts";
import { isSame } from "./read-file.ts";
import type { FoundFile } from "./walk-folder.ts";

interface Change {
  change: number;
  noticedAt: number;
}

export interface Removal extends Change {
  id: string;
}

/** What was taken by `takeChangedShards` and `takeChangedRemovals`. */
interface KeptFiles {
  files: AsyncIterable<readonly KnownFile[]>;
  removals: readonly Removal[];
  forgotten: number;
}

/** What a file is found to be when it is read. Times in milliseconds since the epoch. */
interface ReadFile {
  /** From its front matter. */
  ownId: string | null;
  hash: string;
  /** From the note or its name. */
  time: number | null;
  media: NonNullable<KnownFile["read"]>["media"];
}

/** What else is known of a walk. */
interface WalkNotes {
  isSettled(file: FoundFile): boolean;
  isUnknown(path: string): boolean;
  now: number;
}

type FoundFiles = readonly FoundFile[];

/** In so many parts an index is kept. */
export const shardCount = 64;

function shardOf(path: string): number {
  let sum = 0;
  for (let at = 0; at < path.length; at += 1) sum = (Math.imul(sum, 31) + path.charCodeAt(at)) | 0;
  return (sum >>> 0) % shardCount;
}

/** A mark older than the oldest of these removals is not known any more. */
const maxRemovals = 10_000;

/**
 * What is remembered of a folder's files: a feed of their changes. Each change has a sequence number, so that any number of readers can
 * ask for what they have not seen. A file that was moved is known by its bytes, and keeps its id.
 */
export class FileIndex {
  readonly #files = new KnownFiles();
  /** Files that were there and have not been found elsewhere yet. */
  readonly #vanished = new KnownFiles();
  readonly #vanishedByHash = new Map<string, string>();
  /** Paths by their small letters. */
  readonly #vanishedByLetters = new Map<string, string>();
  readonly #removals = new Map<string, Removal>();
  /** Where a memory's id is not the path of its file. */
  readonly #pathOfId = new Map<string, string>();
  readonly #changedShards = new Set<number>();
  #removalsHaveChanged = false;
  #change = 0;
  #forgotten = 0;

  /** One that begins anew. All of it is to be kept: whatever is kept of an earlier one is of no use. */
  constructor() {
    for (let shard = 0; shard < shardCount; shard += 1) this.#changedShards.add(shard);
    this.#removalsHaveChanged = true;
  }

  /** An index as it was kept, file by file: all of them at once would take a multiple of the memory. */
  static async restore({ files, removals, forgotten }: KeptFiles): Promise<FileIndex> {
    const index = new FileIndex();
    index.#changedShards.clear();
    index.#removalsHaveChanged = false;
    for await (const part of files) for (const file of part) index.#restore(file);
    for (const removal of removals) {
      index.#change = Math.max(index.#change, removal.change);
      index.#removals.set(removal.id, removal);
    }
    index.#forgotten = forgotten;
    return index;
  }

  /** Whether something has changed since it was taken by `takeChangedShards` and `takeChangedRemovals`. */
  get hasChanged(): boolean {
    return this.#changedShards.size > 0 || this.#removalsHaveChanged;
  }

  /** The number of the last change. */
  get change(): number {
    return this.#change;
  }

  /** Of changes up to this one not all removals are remembered. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** How many files are remembered. */
  get size(): number {
    return this.#files.size;
  }

  /** Whether a file that is remembered was not found. */
  lacks(files: FoundFiles): boolean {
    return count(files, ({ path }) => this.#files.has(path)) < this.#files.size;
  }

  /** Notes what a walk has found. A file that is not settled counts as it was; one of which the walk knows nothing as there. */
  update(files: FoundFiles, { isSettled, isUnknown, now }: WalkNotes): void {
    for (const path of this.#missing(files)) if (!isUnknown(path)) this.#vanish(path, now);
    for (const found of files) {
      const known = this.#files.get(found.path);
      if (isSettled(found) && (known === undefined || !isSame(known, found))) this.#noteChange(found, now);
    }
  }

  #missing(files: FoundFiles): string[] {
    if (!this.lacks(files)) return [];
    const found = new Set(files.map(({ path }) => path));
    return this.#files
      .keys()
      .filter((path) => !found.has(path))
      .toArray();
  }

  /** The paths of the files that are there, and the memories that are gone, of which `isWanted` is true. */
  select(isWanted: (change: Change & Pick<KnownFile, "read">) => boolean): {
    paths: string[];
    removed: string[];
  } {
    return {
      paths: this.#files
        .values()
        .filter(isWanted)
        .map(({ path }) => path)
        .toArray(),
      removed: this.#removals
        .values()
        .filter(isWanted)
        .map(({ id }) => id)
        .toArray(),
    };
  }

  /** What is known of a file, also of one that has vanished. */
  get(path: string): KnownFile | undefined {
    return this.#files.get(path) ?? this.#vanished.get(path);
  }

  /** The file of a memory. */
  fileOf(id: string): KnownFile | undefined {
    return this.#files.get(this.#ownerOf(id) ?? "");
  }

  /** Notes that a file was shown as what cannot be carried, so that it is known what to call gone when it is gone. */
  noteShown(path: string, id: string): void {
    const file = this.#files.get(path);
    if (file === undefined || file.read !== undefined) return;
    this.#keepFromRemoval(id);
    if (file.shownAs === id) return;
    if (file.shownAs !== undefined) this.#remove(file.shownAs, file);
    this.#put({ ...file, shownAs: id });
  }

  /** The path of the file whose memory it is, vanished ones included. */
  #ownerOf(id: string): string | undefined {
    return this.#pathOfId.get(id) ?? (this.get(id)?.read?.id === id ? id : undefined);
  }

  /**
   * Notes what was read of a file. Returns whose memory it is: `ownId`, that of a vanished file with the same bytes, or one made from the
   * path. Null when another file has `ownId`; then it is read once more next time.
   */
  identify(path: string, { ownId, hash, time, media }: ReadFile): KnownFile["read"] | null {
    const file = this.#files.get(path);
    if (file === undefined) return null;
    const before = file.read ?? this.#takeMoved(path, hash, ownId);
    const id = ownId ?? this.#idWithoutOwn(path, before);
    for (const known of [file.read?.id, file.shownAs])
      if (known !== undefined && known !== id) this.#remove(known, file);
    const { read: _, ...found } = file;
    if (!this.#isFree(id, path)) return this.#doubt(found);
    const { shownAs, ...shown } = found;
    const firstDate = before?.firstDate ?? file.dateMs;
    const read = { id, isOwnId: ownId !== null, hash, firstDate, at: time ?? firstDate, media };
    this.#files.set(path, { ...shown, read });
    if (shownAs !== undefined || !isDeepStrictEqual(before, read)) this.#changedShards.add(shardOf(path));
    this.#claim(id, path);
    return read;
  }

  /** The id that a file had where it was moved or changed, if it is not another one's by now; else one made from the path. */
  #idWithoutOwn(path: string, before: KnownFile["read"]): string {
    const isKept = before !== undefined && !before.isOwnId && this.#isFree(before.id, path);
    return isKept ? before.id : this.#freeId(path);
  }

  #claim(id: string, path: string): void {
    if (id === path) this.#pathOfId.delete(id);
    else this.#pathOfId.set(id, path);
    this.#keepFromRemoval(id);
  }

  /** What is there again is not gone. */
  #keepFromRemoval(id: string): void {
    if (this.#removals.delete(id)) this.#removalsHaveChanged = true;
  }

  /**
   * Files that had vanished up to this change, and whose bytes were found nowhere, are removed. To be called when all new ones have been read,
   * and none waits.
   */
  settleVanished(until: number): void {
    for (const file of this.#vanishedUntil(until)) {
      const id = file.read?.id ?? file.shownAs;
      if (id !== undefined) this.#remove(id, file);
      this.#forget(file.path);
    }
    if (this.#vanished.size > 0) return;
    this.#vanishedByHash.clear();
    this.#vanishedByLetters.clear();
  }

  /** The memories of these files, while it is not known whether they are gone. */
  vanishedIds(until: number): string[] {
    return this.#vanishedUntil(until).flatMap(({ read }) => read?.id ?? []);
  }

  #vanishedUntil(until: number): KnownFile[] {
    return this.#vanished
      .values()
      .filter(({ change }) => change <= until)
      .toArray();
  }

  /** What was read differs from what was found: the next walk takes the file for a changed one. */
  doubt(path: string): void {
    const file = this.#files.get(path);
    if (file !== undefined) this.#doubt(file);
  }

  /** The parts of the index that have changed since the last call, by their numbers, one after the other. */
  *takeChangedShards(): Generator<[number, KnownFile[]]> {
    if (this.#changedShards.size === 0) return;
    const pathsOf = Map.groupBy([...this.#files.keys(), ...this.#vanished.keys()], shardOf);
    for (const shard of [...this.#changedShards]) {
      this.#changedShards.delete(shard);
      yield [shard, (pathsOf.get(shard) ?? []).flatMap((path) => this.#keptForm(path) ?? [])];
    }
  }

  #keptForm(path: string): KnownFile | undefined {
    const vanished = this.#vanished.get(path);
    return vanished === undefined ? this.#files.get(path) : { ...vanished, vanished: true };
  }

  /** All removals, if they have changed since the last call. */
  takeChangedRemovals(): Removal[] | null {
    const removals = this.#removalsHaveChanged ? [...this.#removals.values()] : null;
    this.#removalsHaveChanged = false;
    return removals;
  }

  #restore(file: KnownFile): void {
    this.#change = Math.max(this.#change, file.change);
    if (file.vanished === true) this.#putVanished(file);
    else this.#files.set(file.path, file);
    if (file.read !== undefined && file.read.id !== file.path) this.#pathOfId.set(file.read.id, file.path);
  }

  #put(file: KnownFile): void {
    this.#files.set(file.path, file);
    this.#changedShards.add(shardOf(file.path));
  }

  #doubt(file: KnownFile): null {
    this.#put({ ...file, mtimeMs: -1 });
    return null;
  }

  #noteChange(found: FoundFile, now: number): void {
    const { read, shownAs } = this.get(found.path) ?? {};
    this.#forget(found.path);
    const known = { ...found, change: ++this.#change, noticedAt: now };
    this.#put({ ...known, ...(read && { read }), ...(shownAs !== undefined && { shownAs }) });
  }

  #vanish(path: string, now: number): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    this.#putVanished({ ...file, change: ++this.#change, noticedAt: now });
    this.#changedShards.add(shardOf(path));
  }

  #putVanished(file: KnownFile): void {
    this.#vanished.set(file.path, file);
    this.#vanishedByLetters.set(file.path.toLowerCase(), file.path);
    if (file.read !== undefined) this.#vanishedByHash.set(file.read.hash, file.path);
  }

  #forget(path: string): void {
    if (this.#vanished.delete(path)) this.#changedShards.add(shardOf(path));
  }

  /** What was known of a file under another path: by its id, by its bytes, or by a name that differs in the case of letters alone. */
  #takeMoved(path: string, hash: string, ownId: string | null): KnownFile["read"] {
    const sameBytes = this.#vanished.get(this.#vanishedByHash.get(hash) ?? "");
    const sameLetters = this.#vanished.get(this.#vanishedByLetters.get(path.toLowerCase()) ?? "");
    const sameId = this.#vanished.get((ownId === null ? undefined : this.#ownerOf(ownId)) ?? "");
    const moved = ownId === null ? (sameBytes ?? sameLetters) : sameId;
    if (moved !== undefined) this.#forget(moved.path);
    return moved?.read;
  }

  #isFree(id: string, path: string): boolean {
    const owner = this.#ownerOf(id);
    return owner === undefined || owner === path || !this.#files.has(owner);
  }

  #freeId(path: string): string {
    let id = path;
    for (let number = 2; !this.#isFree(id, path); number += 1) id = `${path} (${number})`;
    return id;
  }

  #remove(id: string, { path, change, noticedAt }: KnownFile): void {
    const owner = this.#ownerOf(id);
    if (owner !== undefined && owner !== path) return;
    this.#pathOfId.delete(id);
    this.#removals.set(id, { id, change, noticedAt });
    this.#removalsHaveChanged = true;
    for (const [oldest, removal] of this.#removals) {
      if (this.#removals.size <= maxRemovals) break;
      this.#forgotten = Math.max(this.#forgotten, removal.change);
      this.#removals.delete(oldest);
    }
  }
}

function count<Item>(items: readonly Item[], isCounted: (item: Item) => boolean): number {
  return items.reduce((sum, item) => sum + (isCounted(item) ? 1 : 0), 0);
}
