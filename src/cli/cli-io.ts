import type { Writable } from "node:stream";

/** The outer edge of the command line: everything a command may touch of the process. */
export interface CliIo {
  /** Results. One JSON document with `--json`, text for people otherwise. */
  writeOut(text: string): void;
  /** Everything else: progress, notices, warnings, errors. */
  writeErr(text: string): void;
  /** Where a service writes its log: standard error. */
  logs: Writable;
  /** True when stderr is a terminal, so that progress may redraw a line. */
  isTerminal: boolean;
  /** Asks a yes-or-no question on the terminal; false when nobody can answer. */
  confirm(question: string): Promise<boolean>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Aborts on the first SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** From now on the command itself answers to signals; one that is told to stop a third time ends with the process. */
  takeSignals(handlers: SignalHandlers): void;
}

/** What a command that runs for long does with signals. */
export interface SignalHandlers {
  /** SIGINT or SIGTERM; `again` from the second one on. */
  stop(again: boolean): void;
  /** SIGHUP. */
  reload(): void;
}
