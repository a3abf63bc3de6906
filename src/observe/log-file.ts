import { dirname } from "node:path";
import { createStream, type RotatingFileStream } from "rotating-file-stream";
import type { Clock } from "../kernel/util/clock.ts";
import { makeFolders } from "../kernel/util/make-folders.ts";
import { plural } from "../kernel/util/readable.ts";
import type { LogFileSettings } from "./log-settings.ts";

/** Readable by the owner only: lines name memories and servers. */
const ownerOnly = 0o600;

/** Wait after a failure before the file is opened again. Milliseconds. */
const retryAfterMs = 30_000;

/** Write buffer limit; more means that the disk does not keep up. Bytes. */
const maxWaitingBytes = 8 * 1024 * 1024;

export interface LogFileOptions {
  settings: LogFileSettings;
  clock: Clock;
  /** Called with a sentence when lines start to be lost and when the file can be written again. */
  onTrouble: (message: string) => void;
}

/**
 * A log file that never stops the program: while it cannot be written (a full disk, a missing permission) lines are dropped and
 * counted, and reopening is tried every half minute.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  #stream: RotatingFileStream | null = null;
  #retryAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #dropped = 0;
  #closed: Promise<void> | null = null;
  /** The end of the replaced streams, in their order. */
  #ending: Promise<void> = Promise.resolve();

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  get droppedLines(): number {
    return this.#dropped;
  }

  write(line: string): void {
    const stream = this.#closed === null ? (this.#stream ?? this.#open()) : null;
    if (stream === null || stream.writableLength > maxWaitingBytes) {
      this.#dropped += 1;
      return;
    }
    stream.write(line, (error) => {
      if (error) this.#dropped += 1;
    });
  }

  /**
   * Reopens the file by its name, after another program has moved it away. The new file is created immediately: logrotate may run
   * while nothing is logged.
   */
  reopen(): void {
    const present = this.#stream;
    this.#ending = this.#ending.then(() => endOf(present));
    this.#stream = null;
    this.#retryAt = Number.NEGATIVE_INFINITY;
    if (present === null || this.#closed !== null) return;
    const next = this.#open();
    // Unwritten lines of the previous stream come first.
    next?.cork();
    void this.#ending.then(() => next?.uncork());
  }

  /** Writes buffered lines; later lines are dropped. Calling it twice is harmless. */
  close(): Promise<void> {
    // One after the other: the end of a stream writes what it holds back.
    const last = this.#stream;
    this.#closed ??= this.#ending.then(() => endOf(last));
    return this.#closed;
  }

  #open(): RotatingFileStream | null {
    const { settings, clock } = this.#options;
    if (clock.monotonic() < this.#retryAt) return null;
    try {
      makeFolders(dirname(settings.path));
    } catch (thrown) {
      this.#fail(thrown as Error, null);
      return null;
    }
    const stream = openStream(settings);
    stream.on("error", (error) => this.#fail(error, stream));
    stream.on("open", () => this.#recover());
    this.#stream = stream;
    return stream;
  }

  #fail(error: Error, stream: RotatingFileStream | null): void {
    if (this.#stream !== stream) return;
    const { settings, clock, onTrouble } = this.#options;
    this.#stream = null;
    this.#retryAt = clock.monotonic() + retryAfterMs;
    if (this.#failing) return;
    this.#failing = true;
    onTrouble(`the log file ${settings.path} cannot be written: ${error.message}`);
  }

  #recover(): void {
    if (!this.#failing) return;
    this.#failing = false;
    const { settings, onTrouble } = this.#options;
    onTrouble(
      `the log file ${settings.path} can be written again; lost so far: ${plural(this.#dropped, "line")}`,
    );
  }
}

async function endOf(stream: RotatingFileStream | null): Promise<void> {
  if (stream === null || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    stream.once("close", resolve);
    stream.end();
  });
}

function openStream({ path, maxBytes, backupCount, rotation }: LogFileSettings): RotatingFileStream {
  if (rotation === "size") {
    return createStream(path, {
      mode: ownerOnly,
      ...(backupCount === 0 ? {} : { size: `${maxBytes}B`, rotate: backupCount }),
    });
  }
  return createStream((time, index) => (time === null ? path : datedName(path, time, index)), {
    mode: ownerOnly,
    interval: "1d",
    intervalBoundary: true,
    initialRotation: true,
    ...(backupCount === 0 ? {} : { maxFiles: backupCount }),
  });
}

/** `app.log.2026-01-31`, named by the day that the file covers, in local time; `…-2` when that exists. */
function datedName(path: string, time: number | Date, index = 1): string {
  const day = new Date(time);
  const month = String(day.getMonth() + 1).padStart(2, "0");
  const date = `${day.getFullYear()}-${month}-${String(day.getDate()).padStart(2, "0")}`;
  return index === 1 ? `${path}.${date}` : `${path}.${date}-${index}`;
}
