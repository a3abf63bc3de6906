import type { MediaKind } from "../source-capabilities.ts";
import type { FileIndex } from "./file-index.ts";
import type { KnownFile } from "./known-files.ts";
import type { ListedFile } from "./listed-file.ts";
import type { FoundFile } from "./walk-folder.ts";

/** What makes memories of the files of a folder: each kind of folder has its own. */
export interface FileReader {
  /** What the folder holds, for people, one and several: `note`, `notes`. */
  readonly itemNames: readonly [string, string];
  /** Which files it takes for what: readers for which this is the same give the same ids to the same folder. */
  readonly selection: string;
  readonly media: readonly MediaKind[];
  /** Whether files of this name matter. */
  isWanted(this: void, name: string): boolean;
  /** `files` are all wanted ones, in the order of their paths. */
  arrange(files: readonly FoundFile[]): Arrangement;
}

/** What a walk has found, as the reader sees it. */
export interface Arrangement {
  /** What becomes memories: files, or what stands for some of them, each with a path of its own. */
  readonly items: readonly FoundFile[];
  readonly contents: Contents;
}

/** What can be read of a walk's files. */
export interface Contents {
  /** A recording or a picture, by its path. */
  mediumAt(path: string): FoundFile | undefined;
  /** Reads items as memories, in their order, and notes in the index what they are. */
  read(items: readonly KnownFile[], index: FileIndex): Promise<ListedFile[]>;
}
