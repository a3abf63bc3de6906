import type { Writable } from "node:stream";

/** Limit of buffered output for a stalled reader. Bytes. */
const maxWaitingBytes = 8 * 1024 * 1024;

/**
 * One of the process's output streams. A full disk or a closed pipe does not stop the command; the write error is available at its end.
 */
export class Output {
  readonly #stream: Writable;
  readonly #gone = new AbortController();
  #error: Error | null = null;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", this.#fail);
  }

  /** Aborts when the reader is gone. */
  get readerGone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The write error. A closed pipe, as in `… | head`, is not one. */
  get failure(): Error | null {
    return this.#gone.signal.aborted ? null : this.#error;
  }

  write(text: string): void {
    if (this.#error === null) this.#stream.write(text, this.#fail);
  }

  /** For output that may be dropped rather than fill the memory while a reader stalls. False when it was dropped. */
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

/** A closed terminal fails with EIO. */
function isOfReader({ code }: NodeJS.ErrnoException, stream: Writable & { isTTY?: boolean }): boolean {
  return code === "EPIPE" || code === "ECONNRESET" || (code === "EIO" && stream.isTTY === true);
}
