import type { Writable } from "node:stream";

/** What a reader that does not read may make wait. Bytes. */
const maxWaitingBytes = 8 * 1024 * 1024;

/**
 * One of the process's output streams. Whatever becomes of it, a full disk or a reader that has gone, the command goes on to its own
 * end; what could not be written is known then.
 */
export class Output {
  readonly #stream: Writable;
  readonly #gone = new AbortController();
  #error: Error | null = null;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", this.#fail);
  }

  /** Aborts when nobody reads it any more. */
  get readerGone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Why something could not be written. A reader that has gone, as in `… | head`, is no failure. */
  get failure(): Error | null {
    return this.#gone.signal.aborted ? null : this.#error;
  }

  write(text: string): void {
    if (this.#error === null) this.#stream.write(text, this.#fail);
  }

  /** For what may be lost rather than fill the memory while a reader does not read. False when it was. */
  writeIfRead(text: string): boolean {
    if (this.#stream.writableLength > maxWaitingBytes) return false;
    this.write(text);
    return true;
  }

  /** Resolves when everything is written or never will be. */
  async flush(): Promise<void> {
    if (this.#error === null) await new Promise<void>((resolve) => this.#stream.write("", () => resolve()));
  }

  readonly #fail = (error: NodeJS.ErrnoException | null | undefined): void => {
    if (!error) return;
    this.#error ??= error;
    if (isOfReader(error, this.#stream)) this.#gone.abort();
  };
}

/** A terminal that was closed answers with EIO. */
function isOfReader({ code }: NodeJS.ErrnoException, stream: Writable & { isTTY?: boolean }): boolean {
  return code === "EPIPE" || code === "ECONNRESET" || (code === "EIO" && stream.isTTY === true);
}
