import { type FileHandle, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { extendImage, type FileImage, noFile } from "./file-image.ts";

const flushBytes = 1 << 20;
const leftoverName = /\.tmp\.\d+\.0\.0$/u;

/**
 * A file written next to the one that it will replace, so that a crash leaves either the old or the new one whole. A LightRAG
 * server deletes files with such a name when they are an hour old.
 */
export class ReplacementFile {
  /** The file that is replaced. */
  readonly path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #image = noFile;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  static async create(path: string): Promise<ReplacementFile> {
    const temporary = `${path}.tmp.${process.pid}.0.0`;
    return new ReplacementFile(path, temporary, await open(temporary, "w", 0o600));
  }

  /** Bytes written so far: the position of the next write. */
  get offset(): number {
    return this.#image.bytes;
  }

  get image(): FileImage {
    return this.#image;
  }

  async write(data: string | Buffer): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#image = extendImage(this.#image, bytes);
    if (this.#waitingBytes >= flushBytes) await this.#flush();
  }

  /** Makes the content durable. Nothing is replaced yet. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
  }

  async publish(): Promise<void> {
    await rename(this.#temporary, this.path);
  }

  /** Deletes the file; may be called at any time before `publish`. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#handle.writeFile(bytes);
  }
}

/** Removes unpublished files of crashed processes. Only the folder's single writer may call it, before its first write. */
export async function clearLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((it) => leftoverName.test(it)))
    await rm(join(folder, name), { force: true });
}

/** A store that is kept in one file of the folder. */
export interface StoredFile {
  readonly path: string;
  /** Whether memory has changes that the file lacks. */
  readonly dirty: boolean;
  /** The file as it was last read or written. */
  readonly image: FileImage;
  /** Writes the whole content. The store must not change meanwhile. */
  write(out: ReplacementFile): Promise<void>;
  /** Called when the written file has replaced the old one. */
  published(): void;
  close(): void;
}
