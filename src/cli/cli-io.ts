/** The outer edge of the command line: everything a command may touch of the process. */
export interface CliIo {
  /** Results. One JSON document with `--json`, text for people otherwise. */
  writeOut(text: string): void;
  /** Everything else: progress, notices, warnings, errors. */
  writeErr(text: string): void;
  /** True when stderr is a terminal, so that progress may redraw a line. */
  isTerminal: boolean;
  /** Asks a yes-or-no question on the terminal; false when nobody can answer. */
  confirm(question: string): Promise<boolean>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Aborts on the first SIGINT or SIGTERM. */
  signal: AbortSignal;
}
