import { statSync } from "node:fs";
import { folderChanged } from "./folder-errors.ts";

/**
 * Notices that another program has written a file since we last read or wrote it, before we replace it: a LightRAG server that runs
 * on the folder keeps everything in memory too, and each would undo the other's work.
 */
export class FileMarks {
  readonly #marks = new Map<string, string>();

  /** To be called before the file is read and after it is written. */
  note(path: string): void {
    this.#marks.set(path, markOf(path));
  }

  /** Throws `DIRECT_FOLDER_CHANGED`. */
  check(): void {
    for (const [path, mark] of this.#marks) {
      if (markOf(path) !== mark) throw folderChanged(path, "was written by another program meanwhile");
    }
  }
}

/** A replaced file has another inode, one written in place another time. */
function markOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
