import type { FileImage } from "./file-image.ts";
import type { ReplacementFile } from "./replacement-file.ts";

/** A store that is kept in one file of the folder. */
export interface StoredFile {
  readonly path: string;
  /** Whether memory holds what the file does not. */
  readonly dirty: boolean;
  /** The file as it was last read or written. */
  readonly image: FileImage;
  /** Writes the whole content. Nothing changes the store meanwhile. */
  write(out: ReplacementFile): Promise<void>;
  /** The file just written has taken the old one's place. */
  published(): void;
  close(): void;
}
