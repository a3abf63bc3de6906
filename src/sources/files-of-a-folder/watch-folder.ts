import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { extensionOf } from "./file-kinds.ts";
import type { FileReader } from "./file-reader.ts";
import type { FolderOptions } from "./settings.ts";
import { excluding, isHidden, reasonOf, walkFolder } from "./walk-folder.ts";

/**
 * Tells that something in a folder may have changed: a hint, no more. Each folder below is watched by itself, since the system counts watches
 * and Node's own watching of whole trees takes one for each file.
 */
export class FolderWatch {
  readonly #options: Pick<FolderOptions, "root" | "exclude">;
  readonly #isWanted: FileReader["isWanted"];
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  /** Nothing is watched before the first `refresh`. */
  constructor(
    options: Pick<FolderOptions, "root" | "exclude">,
    { isWanted }: Pick<FileReader, "isWanted">,
    changed: () => void,
  ) {
    this.#options = options;
    this.#isWanted = isWanted;
    this.#changed = changed;
  }

  /** How many folders are watched. */
  get size(): number {
    return this.#watchers.size;
  }

  /**
   * Watches the folders that are there now. Resolves to why some are not watched: the folder is not there, or the system has no watches left;
   * null when all are.
   */
  async refresh(signal: AbortSignal): Promise<string | null> {
    const { root, exclude } = this.#options;
    const isExcluded = excluding(exclude);
    try {
      const { folders } = await walkFolder(root, { isExcluded, isWanted: () => false }, signal);
      const wanted = new Set(folders.map((folder) => join(root, folder)));
      for (const [folder, watcher] of this.#watchers) if (!wanted.has(folder)) this.#drop(folder, watcher);
      for (const folder of wanted) if (!this.#watchers.has(folder)) this.#add(folder);
      return null;
    } catch (error) {
      if (signal.aborted) throw error;
      return reasonOf(error);
    }
  }

  close(): void {
    for (const [folder, watcher] of this.#watchers) this.#drop(folder, watcher);
  }

  #add(folder: string): void {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || this.#concerns(name)) this.#changed();
    });
    watcher.on("error", () => {
      this.#drop(folder, watcher);
      this.#changed();
    });
    this.#watchers.set(folder, watcher);
  }

  #drop(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
  }

  /** A name without an end may be that of a folder. */
  #concerns(name: string): boolean {
    if (isHidden(name, name)) return false;
    return extensionOf(name) === "" || this.#isWanted(name);
  }
}
