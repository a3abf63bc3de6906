import { type FileHandle, open, rm } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { type Change, decodeChanges, encodeChanges } from "./changes.ts";
import { readWhole } from "./read-whole.ts";

export const journalName = "memory_connector.journal";

/**
 * The changes since the folder's files were last written. One line for each batch: `<crc32> <changes as JSON>`. A batch is durable
 * when `append` resolves; waiting batches share one fsync. A line that a crash truncated is the end: nothing after it was ever
 * acknowledged.
 */
export class Journal {
  readonly #path: string;
  readonly #handle: FileHandle;
  #bytes: number;
  #waiting: Waiting[] = [];
  #isFlushing = false;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.#path = path;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /** Opens or creates the journal, to append after its first `bytes`: the whole part that `readJournal` found. */
  static async open(path: string, bytes: number): Promise<Journal> {
    const handle = await open(path, "a", 0o600);
    if ((await handle.stat()).size > bytes) await handle.truncate(bytes);
    return new Journal(path, handle, bytes);
  }

  /** Size in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when the batch is on disk. A failed write leaves the journal unchanged. */
  append(changes: readonly Change[]): Promise<void> {
    const json = encodeChanges(changes);
    const line = Buffer.from(`${checksum(json)} ${json}\n`);
    const durable = Promise.withResolvers<void>();
    this.#waiting.push({ line, durable });
    if (!this.#isFlushing) void this.#flush();
    return durable.promise;
  }

  /** Empties the journal after the folder's files have been written. */
  async clear(): Promise<void> {
    if (this.#bytes === 0) return;
    await this.#handle.truncate(0);
    await this.#handle.sync();
    this.#bytes = 0;
  }

  async close(): Promise<void> {
    await this.#handle.close();
    if (this.#bytes === 0) await rm(this.#path, { force: true });
  }

  /** Ends in the same tick in which nothing is waiting: a later write starts it again. */
  async #flush(): Promise<void> {
    this.#isFlushing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(Buffer.concat(batch.map(({ line }) => line)));
        for (const { durable } of batch) durable.resolve();
      } catch (error) {
        for (const { durable } of batch) durable.reject(error);
      }
    }
    this.#isFlushing = false;
  }

  async #write(lines: Buffer): Promise<void> {
    try {
      await this.#handle.appendFile(lines);
      await this.#handle.datasync();
      this.#bytes += lines.length;
    } catch (error) {
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      throw error;
    }
  }
}

/** Passes each whole batch to `replay`, in order, and returns their size in bytes. A missing file is an empty journal. */
export function* readJournal(path: string, replay: (changes: Change[]) => void): Pieces<number> {
  return yield* replayLines((yield* readWhole(path)) ?? Buffer.alloc(0), replay);
}

interface Waiting {
  line: Buffer;
  durable: PromiseWithResolvers<void>;
}

const lineFeed = 0x0a;

function* replayLines(bytes: Buffer, replay: (changes: Change[]) => void): Pieces<number> {
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(lineFeed, start);
    if (end < 0) return start;
    const line = bytes.toString("utf8", start, end);
    const json = line.slice(9);
    if (line.slice(0, 9) !== `${checksum(json)} `) return start;
    replay(decodeChanges(json));
    start = end + 1;
    yield;
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
