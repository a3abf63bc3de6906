import { basename } from "node:path";
import type { Change } from "./changes.ts";
import { type FileImage, imageText } from "./file-image.ts";
import { folderChanged } from "./folder-errors.ts";
import type { StoredFile } from "./replacement-file.ts";

type FilesChange = Extract<Change, { kind: "files" }>;

/** The current content of the files, for the journal. */
export function filesChange(
  files: readonly (Pick<StoredFile, "path"> & { image: FileImage })[],
): FilesChange {
  return {
    kind: "files",
    images: Object.fromEntries(files.map(({ path, image }) => [basename(path), imageText(image)])),
  };
}

/**
 * Checks that a journal belongs to the files of its folder: each must have the content that the journal states, from before or
 * after a checkpoint that a crash interrupted. Throws `DIRECT_FOLDER_CHANGED`.
 */
export class BaseFiles {
  readonly #images = new Map<string, Set<string>>();

  note({ images }: FilesChange): void {
    for (const [name, image] of Object.entries(images)) {
      this.#images.set(name, (this.#images.get(name) ?? new Set()).add(image));
    }
  }

  check(files: readonly StoredFile[]): void {
    for (const { path, image } of files) {
      const expected = this.#images.get(basename(path));
      if (expected === undefined || expected.has(imageText(image))) continue;
      throw folderChanged(path, "is not the file that the journal beside it builds on");
    }
  }
}
