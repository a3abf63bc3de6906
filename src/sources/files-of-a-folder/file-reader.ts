import type { MediaKind } from "../source-capabilities.ts";
import type { FileIndex, KnownFile } from "./file-index.ts";
import type { ListedFile } from "./listed-file.ts";
import type { FoundFile } from "./walk-folder.ts";

type FoundFiles = ReadonlyMap<string, FoundFile>;

/** What makes memories of the files of a folder: each kind of folder has its own. */
export interface FileReader {
  /** What the folder holds, for people: `notes`. */
  readonly itemsName: string;
  readonly media: readonly MediaKind[];
  /** Whether files of this name matter. */
  isWanted(this: void, name: string): boolean;
  /** `files` are all wanted ones, by path and in the order of their paths. */
  arrange(files: FoundFiles): Arrangement;
}

/** What a walk has found, as the reader sees it. */
export interface Arrangement {
  /** What becomes memories, by path: files, or what stands for some of them. */
  readonly items: FoundFiles;
  /** A recording or a picture, by its path. */
  mediumAt(path: string): FoundFile | undefined;
  /** Reads items as memories, in their order, and notes in the index what they are. */
  read(items: readonly KnownFile[], index: FileIndex): Promise<ListedFile[]>;
}
