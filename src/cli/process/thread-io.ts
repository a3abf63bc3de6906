import { Readable } from "node:stream";
import type { MessagePort } from "node:worker_threads";
import type { CliIo } from "../cli-io.ts";
import { type ErrTraits, logStream, workingFolder } from "./process-io.ts";

/** Messages of the main thread to the command's thread. */
export type ToThread = "stop" | "cut-short" | "hang-up";

/** Messages of that thread to the main thread. */
export type FromThread =
  | { out: string }
  | { err: string }
  | { log: string }
  | { endWithin: number }
  | { exitCode: number };

/** The start data of that thread. */
export interface ThreadTask extends ErrTraits {
  argv: readonly string[];
}

/** `CliIo` for a command in a worker thread: everything of the process goes through the main thread. */
export function threadIo(
  port: MessagePort,
  { errColumns, isTerminal, canRedraw, colours }: ThreadTask,
): CliIo {
  const send = (message: FromThread) => port.postMessage(message);
  const stop = new AbortController();
  const cutShort = new AbortController();
  const hangUps = new HangUps();
  port.on("message", (message: ToThread) => {
    if (message === "stop") stop.abort();
    else if (message === "cut-short") cutShort.abort();
    else hangUps.emit();
  });
  return {
    // A service has no input.
    stdin: Readable.from([]),
    writeOut: (text) => send({ out: text }),
    writeErr: (text) => send({ err: text }),
    logs: logStream((text) => send({ log: text })),
    // A service has no result.
    columns: null,
    errColumns,
    isTerminal,
    canRedraw,
    colours,
    // A service asks no questions.
    confirm: async () => false,
    openDialogue: () => null,
    env: process.env,
    get cwd() {
      return workingFolder();
    },
    signal: stop.signal,
    cutShort: cutShort.signal,
    readerGone: new AbortController().signal,
    onHangUp: (listener) => hangUps.subscribe(listener),
    endWithin: (ms) => send({ endWithin: ms }),
  };
}

/** SIGHUP, including those before the first listener. */
class HangUps {
  #listener: (() => void) | null = null;
  #missed = false;

  emit(): void {
    if (this.#listener === null) this.#missed = true;
    else this.#listener();
  }

  subscribe(listener: () => void): void {
    this.#listener = listener;
    if (this.#missed) listener();
  }
}
