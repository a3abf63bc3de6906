import { join } from "node:path";
import { type Clock, systemClock } from "../../../../kernel/util/clock.ts";
import { syncFolder } from "../../../../kernel/util/durable-file.ts";
import { makeFolders } from "../../../../kernel/util/make-folders.ts";
import type { ProcessLock } from "../../../../kernel/util/process-lock.ts";
import type { EmbeddingModel } from "../models/models.ts";
import { applyChange } from "./apply-change.ts";
import { filesChange } from "./base-files.ts";
import type { Change } from "./changes.ts";
import { folderError } from "./folder-errors.ts";
import { recordSettings } from "./folder-settings.ts";
import { FileMarks, takeFolderLock } from "./foreign-writers.ts";
import { Journal, journalName } from "./journal.ts";
import { closeStores, loadStores } from "./load-stores.ts";
import { type Stores, storedFiles } from "./open-stores.ts";
import type { StoreReaders } from "./readers.ts";
import { clearLeftovers, ReplacementFile, type StoredFile } from "./replacement-file.ts";

/** Memories are private: the folder is accessible to its owner only. An existing folder keeps its permissions. */
const ownerOnly = 0o700;
const smallestCheckpointBytes = 8 * 1024 * 1024;

interface FolderParts {
  stores: Stores;
  journal: Journal;
  marks: FileMarks;
  lock: ProcessLock;
}

/**
 * A folder in LightRAG's layout, open for one writer. A change is first made durable in a journal next to LightRAG's files and then
 * applied in memory, so its cost does not depend on the size of the files. A checkpoint rewrites the files and empties the journal;
 * it is due when the journal has reached half the files' size, which keeps its amortised cost constant as well. After `close` the
 * files hold everything and there is no journal.
 */
export class Folder {
  readonly path: string;
  readonly #stores: Stores;
  readonly #journal: Journal;
  readonly #marks: FileMarks;
  readonly #lock: ProcessLock;
  #commits = new Set<Promise<void>>();
  #checkpoint: Promise<void> | undefined;

  private constructor(path: string, { stores, journal, marks, lock }: FolderParts) {
    this.path = path;
    this.#stores = stores;
    this.#journal = journal;
    this.#marks = marks;
    this.#lock = lock;
  }

  /**
   * Opens or creates the folder and replays what a crash left in the journal. Throws `DIRECT_FOLDER_LOCKED`,
   * `DIRECT_FOLDER_UNUSABLE`, and what `loadStores` throws.
   */
  static async open(
    path: string,
    embedding: Pick<EmbeddingModel, "id" | "dimension">,
    clock: Clock = systemClock,
    signal?: AbortSignal,
  ): Promise<Folder> {
    try {
      makeFolders(path, ownerOnly);
      const lock = takeFolderLock(path, clock.now());
      return await Folder.#openLocked(path, embedding, lock, signal).catch((error) => {
        lock.release();
        throw error;
      });
    } catch (error) {
      throw folderError(error, path);
    }
  }

  static async #openLocked(
    path: string,
    embedding: Pick<EmbeddingModel, "id" | "dimension">,
    lock: ProcessLock,
    signal?: AbortSignal,
  ): Promise<Folder> {
    await clearLeftovers(path);
    const marks = new FileMarks();
    const { settings, stores, journalBytes } = await loadStores(path, embedding, marks, signal);
    try {
      if (settings === undefined) await recordSettings(path, embedding);
      const journal = await Journal.open(join(path, journalName), journalBytes);
      return new Folder(path, { stores, journal, marks, lock });
    } catch (error) {
      closeStores(stores);
      throw error;
    }
  }

  get stores(): StoreReaders & Pick<Stores, "entityChunks" | "relationChunks"> {
    return this.#stores;
  }

  /** Whether the journal is long enough for a checkpoint to be worth its cost. */
  get checkpointDue(): boolean {
    const saved = storedFiles(this.#stores).reduce((bytes, file) => bytes + file.image.bytes, 0);
    return this.#journal.bytes > Math.max(smallestCheckpointBytes, saved / 2);
  }

  /** Resolves when the changes are durable and visible. All of them are applied or, when it throws, none. */
  commit(changes: readonly Change[]): Promise<void> {
    const commit = this.#commit(changes);
    const settled = commit.catch(() => undefined).finally(() => this.#commits.delete(settled));
    this.#commits.add(settled);
    return commit;
  }

  /**
   * Writes LightRAG's files. Commits wait meanwhile. When it fails, the journal still has everything. Throws
   * `DIRECT_FOLDER_CHANGED` when another program has written one of them.
   */
  async checkpoint(): Promise<void> {
    this.#checkpoint ??= this.#writeFiles();
    await this.#checkpoint;
  }

  /** Checkpoints and releases the folder, even when it throws. */
  async close(): Promise<void> {
    try {
      await this.checkpoint();
    } finally {
      await this.abandon();
    }
  }

  /** Releases the folder without a checkpoint, as a crash would. */
  async abandon(): Promise<void> {
    await Promise.all(this.#commits);
    await this.#journal.close();
    closeStores(this.#stores);
    this.#lock.release();
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    await this.#checkpoint;
    try {
      await this.#journal.append(this.#journal.bytes === 0 ? [this.#files(), ...changes] : changes);
    } catch (error) {
      throw folderError(error, join(this.path, journalName));
    }
    for (const change of changes) applyChange(this.#stores, change);
  }

  #files(): Change {
    return filesChange(storedFiles(this.#stores));
  }

  async #writeFiles(): Promise<void> {
    const replacements: ReplacementFile[] = [];
    try {
      await Promise.all(this.#commits);
      const dirty = storedFiles(this.#stores).filter((file) => file.dirty);
      for (const file of dirty) replacements.push(await writeReplacement(file));
      this.#marks.check();
      if (this.#journal.bytes > 0) await this.#journal.append([this.#files()]);
      for (const replacement of replacements) await publish(replacement, this.#marks);
      await syncFolder(this.path);
      for (const file of dirty) file.published();
      await this.#journal.clear();
    } catch (error) {
      for (const replacement of replacements) await replacement.discard();
      throw folderError(error, this.path);
    } finally {
      this.#checkpoint = undefined;
    }
  }
}

async function publish(replacement: ReplacementFile, marks: FileMarks): Promise<void> {
  await replacement.publish();
  marks.note(replacement.path);
}

async function writeReplacement(file: StoredFile): Promise<ReplacementFile> {
  const replacement = await ReplacementFile.create(file.path);
  try {
    await file.write(replacement);
    await replacement.finish();
    return replacement;
  } catch (error) {
    await replacement.discard();
    throw error;
  }
}
