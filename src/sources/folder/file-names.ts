import { basename, dirname, normalize } from "node:path/posix";
import type { FoundFile } from "../files-of-a-folder/walk-folder.ts";

/** Finds files that are no notes, such as notes include. */
export class FileNames {
  readonly #files: ReadonlyMap<string, FoundFile>;
  /** The paths of files by their names in small letters; the shortest path first come. */
  readonly #byName = new Map<string, string>();
  /** The paths of files by their paths in small letters. */
  readonly #byLetters: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, FoundFile>) {
    this.#files = files;
    this.#byLetters = new Map(Array.from(files.keys(), (path) => [path.toLowerCase(), path]));
    for (const path of files.keys()) {
      const name = basename(path).toLowerCase();
      const known = this.#byName.get(name);
      if (known === undefined || isBefore(path, known)) this.#byName.set(name, path);
    }
  }

  get(path: string): FoundFile | undefined {
    return this.#files.get(path);
  }

  /** The path of the file that a note means: beside the note, from the root, or of this name anywhere; null when there is none. */
  find(name: string, note: string): string | null {
    const wanted = name.normalize("NFC").replaceAll("\\", "/");
    const beside = normalize(`${dirname(note)}/${wanted}`);
    const fromRoot = normalize(wanted.replace(/^\/+/u, ""));
    const found = [beside, fromRoot].find((path) => this.#files.has(path));
    // Where the case of letters is nothing to the file system, people do not mind it either.
    const alike = [beside, fromRoot].map((path) => this.#byLetters.get(path.toLowerCase())).find(Boolean);
    return found ?? alike ?? this.#byName.get(basename(wanted).toLowerCase()) ?? null;
  }
}

/** The nearer to the root, then by letters. */
function isBefore(one: string, other: string): boolean {
  return one.length === other.length ? one < other : one.length < other.length;
}
