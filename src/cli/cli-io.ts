import type { Readable, Writable } from "node:stream";
import type { Dialogue } from "./dialogue.ts";

/** The boundary to the process: everything that a command may use of it. */
export interface CliIo {
  /** Standard input, for a command whose input is a protocol. Read only by whoever asks for it. */
  readonly stdin: Readable;
  /** Results. One JSON document with `--json`, text for people otherwise. */
  writeOut(text: string): void;
  /** Everything else: progress, notices, warnings, errors. */
  writeErr(text: string): void;
  /** Where logs for the console go: standard error. */
  logs: Writable;
  /** Width of the terminal that shows results; null for a file or a pipe. */
  columns: number | null;
  /** Width of the terminal that shows everything else; null for a file or a pipe. */
  errColumns: number | null;
  /** True when stderr is a terminal: a person reads there. */
  isTerminal: boolean;
  /** True when that terminal can move its cursor, so that progress may redraw a line. */
  canRedraw: boolean;
  /** True when what goes to stderr may be coloured. */
  colours: boolean;
  /** Asks a yes-or-no question on the terminal; false without a terminal. Rejects with `CANCELLED` when nobody does. */
  confirm(question: string): Promise<boolean>;
  /** Opens a dialogue with the person at the terminal; null where there is none. */
  openDialogue(): Dialogue | null;
  env: Readonly<Record<string, string | undefined>>;
  /** Throws `WORKING_FOLDER_GONE`. */
  readonly cwd: string;
  /** Aborts on the first SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** Aborts on the second one, for a command that drains its work on the first; other commands are ended by it. */
  cutShort: AbortSignal;
  /** Aborts when the reader of standard output is gone, as in `… | head`. */
  readerGone: AbortSignal;
  /** Calls the listener at every SIGHUP, and immediately once if one came before. */
  onHangUp(listener: () => void): void;
  /** Time limit for the work after the first signal; then the process ends, whatever hangs. Milliseconds. */
  endWithin(ms: number): void;
}
