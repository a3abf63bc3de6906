import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import { cancellation } from "../kernel/http/abort.ts";

/** Questions to a person at a terminal. */
export interface Dialogue {
  /** The answer without blanks around it; null when the person ended the input. A `secret` is not shown. Rejects when `signal` aborts. */
  ask(question: string, options?: { secret?: boolean }): Promise<string | null>;
  close(): void;
}

/** Null where nobody can be asked. Ctrl-C is a SIGINT, as everywhere. */
export function openDialogue(input: ReadStream, output: WriteStream, signal: AbortSignal): Dialogue | null {
  if (!input.isTTY || !output.isTTY) return null;
  const echo = new Echo(output);
  const lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  const typed: string[] = [];
  let ended = false;
  let wake = () => {};
  lines.on("line", (line) => {
    typed.push(line);
    wake();
  });
  lines.on("close", () => {
    ended = true;
    wake();
  });
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  signal.addEventListener("abort", () => wake(), { once: true });

  const next = async (): Promise<string | null> => {
    while (typed.length === 0 && !ended && !signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (signal.aborted) throw cancellation(signal);
    return typed.shift() ?? null;
  };
  return {
    ask: async (question, { secret = false } = {}) => {
      lines.setPrompt(question);
      lines.prompt();
      echo.muted = secret;
      try {
        const answer = await next();
        return answer?.trim() ?? null;
      } finally {
        if (secret || ended || signal.aborted) output.write("\n");
        echo.muted = false;
      }
    },
    close: () => lines.close(),
  };
}

/** The terminal, but for what is typed as a secret. */
class Echo extends Writable {
  muted = false;
  readonly #output: WriteStream;

  constructor(output: WriteStream) {
    super();
    this.#output = output;
  }

  get columns(): number {
    return this.#output.columns;
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    if (!this.muted) this.#output.write(chunk);
    done();
  }
}
