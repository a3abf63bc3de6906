import { isDeepStrictEqual } from "node:util";
import { isSame } from "./read-file.ts";
import type { FoundFile } from "./walk-folder.ts";

/** A file as it is remembered. Times in milliseconds since the epoch. */
export interface KnownFile extends FoundFile {
  /** The sequence number of its last change. */
  change: number;
  /** When that change was noticed. */
  noticedAt: number;
  /** It was there, and has not been found elsewhere yet. */
  vanished?: true;
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

interface Change {
  change: number;
  noticedAt: number;
}

export interface Removal extends Change {
  id: string;
}

/** What was taken by `takeChangedShards` and `takeChangedRemovals`. */
interface KeptFiles {
  files: Iterable<KnownFile>;
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

type FoundFiles = ReadonlyMap<string, FoundFile>;

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
  readonly #files = new Map<string, KnownFile>();
  /** Files that were there and have not been found elsewhere yet. */
  readonly #vanished = new Map<string, KnownFile>();
  readonly #vanishedByHash = new Map<string, KnownFile>();
  readonly #removals = new Map<string, Removal>();
  readonly #pathOfId = new Map<string, string>();
  readonly #changedShards = new Set<number>();
  #removalsHaveChanged = false;
  #change = 0;
  #forgotten = 0;

  /** As it was kept. Without that it begins anew, and all of it is to be kept: whatever is kept of an earlier one is of no use. */
  constructor(kept?: KeptFiles) {
    if (kept === undefined) {
      for (let shard = 0; shard < shardCount; shard += 1) this.#changedShards.add(shard);
      this.#removalsHaveChanged = true;
      return;
    }
    for (const file of kept.files) this.#restore(file);
    for (const removal of kept.removals) {
      this.#change = Math.max(this.#change, removal.change);
      this.#removals.set(removal.id, removal);
    }
    this.#forgotten = kept.forgotten;
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
    return this.#files.keys().some((path) => !files.has(path));
  }

  /** Notes what a walk has found. A file that is not settled counts as it was; one of which the walk knows nothing as there. */
  update(files: FoundFiles, { isSettled, isUnknown, now }: WalkNotes): void {
    for (const [path, file] of this.#files)
      if (!files.has(path) && !isUnknown(path)) this.#vanish(path, file, now);
    for (const found of files.values()) {
      const known = this.#files.get(found.path);
      if (isSettled(found) && (known === undefined || !isSame(known, found))) this.#noteChange(found, now);
    }
  }

  /** The files that are there, by path, and the memories that are gone, of which `isWanted` is true. */
  select(isWanted: (change: Change) => boolean): { files: KnownFile[]; removed: string[] } {
    return {
      files: this.#files.values().filter(isWanted).toArray(),
      removed: this.#removals
        .values()
        .filter(isWanted)
        .map(({ id }) => id)
        .toArray(),
    };
  }

  get(path: string): KnownFile | undefined {
    return this.#files.get(path);
  }

  /** The file of a memory. */
  fileOf(id: string): KnownFile | undefined {
    return this.#files.get(this.#pathOfId.get(id) ?? "");
  }

  /**
   * Notes what was read of a file. Returns whose memory it is: `ownId`, that of a vanished file with the same bytes, or one made from the
   * path. Null when another file has `ownId`; then it is read once more next time.
   */
  identify(path: string, { ownId, hash, time, media }: ReadFile): KnownFile["read"] | null {
    const file = this.#files.get(path);
    if (file === undefined) return null;
    const before = file.read ?? this.#takeMoved(hash, ownId);
    const isKept = before !== undefined && !before.isOwnId && this.#isFree(before.id, path);
    const id = ownId ?? (isKept ? before.id : this.#freeId(path));
    if (file.read !== undefined && file.read.id !== id) this.#remove(file.read.id, file);
    delete file.read;
    if (!this.#isFree(id, path)) return this.#doubt(file);
    const firstDate = before?.firstDate ?? file.dateMs;
    file.read = { id, isOwnId: ownId !== null, hash, firstDate, at: time ?? firstDate, media };
    this.#pathOfId.set(id, path);
    if (!isDeepStrictEqual(before, file.read)) this.#changedShards.add(shardOf(path));
    if (this.#removals.delete(id)) this.#removalsHaveChanged = true;
    return file.read;
  }

  /**
   * Files that had vanished up to this change, and whose bytes were found nowhere, are removed. To be called when all new ones have been read,
   * and none waits.
   */
  settleVanished(until: number): void {
    for (const [path, file] of this.#vanishedUntil(until)) {
      if (file.read !== undefined) this.#remove(file.read.id, file);
      this.#forget(path);
    }
    if (this.#vanished.size === 0) this.#vanishedByHash.clear();
  }

  /** The memories of these files, while it is not known whether they are gone. */
  vanishedIds(until: number): string[] {
    return this.#vanishedUntil(until).flatMap(([, { read }]) => read?.id ?? []);
  }

  #vanishedUntil(until: number): [string, KnownFile][] {
    return this.#vanished
      .entries()
      .filter(([, { change }]) => change <= until)
      .toArray();
  }

  /** What was read differs from what was found: the next walk takes the file for a changed one. */
  doubt(path: string): void {
    const file = this.#files.get(path);
    if (file !== undefined) this.#doubt(file);
  }

  /** The parts of the index that have changed since the last call, by their numbers. */
  takeChangedShards(): Map<number, KnownFile[]> {
    const shards = new Map(Array.from(this.#changedShards, (shard) => [shard, [] as KnownFile[]]));
    for (const file of this.#files.values()) shards.get(shardOf(file.path))?.push(file);
    for (const file of this.#vanished.values())
      shards.get(shardOf(file.path))?.push({ ...file, vanished: true });
    this.#changedShards.clear();
    return shards;
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
    if (file.read !== undefined) this.#pathOfId.set(file.read.id, file.path);
  }

  #doubt(file: KnownFile): null {
    file.mtimeMs = -1;
    this.#changedShards.add(shardOf(file.path));
    return null;
  }

  #noteChange(found: FoundFile, now: number): void {
    const before = this.#files.get(found.path) ?? this.#vanished.get(found.path);
    this.#forget(found.path);
    const change = ++this.#change;
    this.#files.set(found.path, {
      ...found,
      change,
      noticedAt: now,
      ...(before?.read && { read: before.read }),
    });
  }

  #vanish(path: string, file: KnownFile, now: number): void {
    const vanished = { ...file, change: ++this.#change, noticedAt: now };
    this.#files.delete(path);
    this.#putVanished(vanished);
    this.#changedShards.add(shardOf(path));
  }

  #putVanished(file: KnownFile): void {
    this.#vanished.set(file.path, file);
    if (file.read !== undefined) this.#vanishedByHash.set(file.read.hash, file);
  }

  #forget(path: string): void {
    this.#vanished.delete(path);
    this.#changedShards.add(shardOf(path));
  }

  #takeMoved(hash: string, ownId: string | null): KnownFile["read"] {
    const sameBytes = this.#vanishedByHash.get(hash);
    const moved = this.#vanished.get((ownId === null ? sameBytes?.path : this.#pathOfId.get(ownId)) ?? "");
    if (moved !== undefined) this.#forget(moved.path);
    return moved?.read;
  }

  #isFree(id: string, path: string): boolean {
    const owner = this.#pathOfId.get(id);
    return owner === undefined || owner === path || !this.#files.has(owner);
  }

  #freeId(path: string): string {
    let id = path;
    for (let number = 2; !this.#isFree(id, path); number += 1) id = `${path} (${number})`;
    return id;
  }

  #remove(id: string, { path, change, noticedAt }: KnownFile): void {
    if (this.#pathOfId.get(id) !== path) return;
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
