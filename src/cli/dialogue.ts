import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { StopSignals } from "./process/stop-signals.ts";

/** Questions to a person at a terminal. */
export interface Dialogue {
  /** The answer without blanks around it. A `secret` is not shown. Rejects with `unanswered` at Ctrl-C, Ctrl-D or a signal. */
  ask(question: string, options?: { secret?: boolean }): Promise<string>;
  close(): void;
}

/** Ask before anything is changed, so that this is so. */
export function unanswered(): ConnectorError {
  return new ConnectorError("CANCELLED", "the question was not answered; nothing was changed", {
    hint: "run it again, or with --yes to be asked nothing",
  });
}

/** Asks for a yes or a no until it is one of them; nothing typed is the `standard`. */
export async function yesOrNo(
  dialogue: Pick<Dialogue, "ask">,
  question: string,
  standard: boolean,
): Promise<boolean> {
  const choice = `[${standard ? "Y/n" : "y/N"}]: `;
  for (let asked = `${question} ${choice}`; ; asked = `Please answer yes or no ${choice}`) {
    const answer = await dialogue.ask(asked);
    if (answer === "") return standard;
    if (/^(?:y|yes|n|no)$/iu.test(answer)) return /^y/iu.test(answer);
  }
}

/** Null without a terminal. Ctrl-C acts as SIGINT, as everywhere. */
export function openDialogue(
  input: ReadStream,
  output: WriteStream,
  signals: Pick<StopSignals, "stop" | "onSignal" | "asking">,
): Dialogue | null {
  if (!input.isTTY || !output.isTTY) return null;
  const signal = signals.stop;
  const asked = signals.asking();
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
  lines.on("SIGINT", signals.onSignal);
  signal.addEventListener("abort", () => wake(), { once: true });

  const next = async (): Promise<string> => {
    while (typed.length === 0 && !ended && !signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const answer = signal.aborted ? undefined : typed.shift();
    if (answer === undefined) throw unanswered();
    return answer;
  };
  return {
    ask: async (question, { secret = false } = {}) => {
      lines.setPrompt(question);
      lines.prompt();
      echo.muted = secret;
      try {
        return (await next()).trim();
      } finally {
        if (secret || ended || signal.aborted) output.write("\n");
        echo.muted = false;
      }
    },
    close: () => {
      asked();
      lines.close();
    },
  };
}

/** The terminal's output, without the echo of secrets. */
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
