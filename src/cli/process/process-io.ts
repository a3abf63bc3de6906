import { Writable } from "node:stream";
import type { WriteStream } from "node:tty";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { CliIo } from "../cli-io.ts";
import { openDialogue, yesOrNo } from "../dialogue.ts";
import type { Output } from "./output.ts";
import type { StopSignals } from "./stop-signals.ts";

/** The process as its main thread has it. */
export interface ProcessEdge {
  out: Output;
  err: Output;
  signals: StopSignals;
}

/** Properties of stderr, for commands in any thread. */
export interface ErrTraits {
  errColumns: number | null;
  isTerminal: boolean;
  canRedraw: boolean;
  colours: boolean;
}

export function errTraits(): ErrTraits {
  const isTerminal = process.stderr.isTTY === true;
  return {
    errColumns: columnsOf(process.stderr),
    isTerminal,
    canRedraw: canRedraw(process.env, isTerminal),
    colours: mayColour(process.env, isTerminal),
  };
}

/** Null when it is not a terminal, or its width is unknown. */
function columnsOf({ isTTY, columns }: WriteStream): number | null {
  return isTTY && columns > 0 ? columns : null;
}

/** The process for a command that runs in its main thread. */
export function processIo({ out, err, signals }: ProcessEdge): CliIo {
  return {
    // Node opens it when it is asked for.
    get stdin() {
      return process.stdin;
    },
    writeOut: (text) => out.write(text),
    writeErr: (text) => err.write(text),
    logs: logStream((text) => err.writeIfRead(text)),
    columns: columnsOf(process.stdout),
    ...errTraits(),
    confirm: (question) => confirm(question, signals),
    openDialogue: () => openDialogue(process.stdin, process.stderr, signals),
    env: process.env,
    get cwd() {
      return workingFolder();
    },
    signal: signals.stop,
    cutShort: signals.cutShort,
    readerGone: out.readerGone,
    onHangUp: () => undefined,
    endWithin: (ms) => signals.endWithin(ms),
  };
}

/** A stream whose every chunk goes to `write`. */
export function logStream(write: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      write(String(chunk));
      done();
    },
  });
}

async function confirm(question: string, signals: StopSignals): Promise<boolean> {
  const dialogue = openDialogue(process.stdin, process.stderr, signals);
  try {
    return dialogue !== null && (await yesOrNo(dialogue, question, false));
  } finally {
    dialogue?.close();
  }
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Whether a stream may be coloured, decided by the first of these that is set: `FORCE_COLOR` (`0` and `false` disable), `NO_COLOR`
 * (any value disables), `TERM=dumb` (disables), and whether the stream is a terminal. Node and most programs use this order.
 */
export function mayColour({ FORCE_COLOR, NO_COLOR, TERM }: Variables, isTerminal: boolean): boolean {
  if (FORCE_COLOR !== undefined) return !["0", "false"].includes(FORCE_COLOR.toLowerCase());
  if (NO_COLOR) return false;
  return isTerminal && TERM !== "dumb";
}

/** Whether lines can be redrawn there. */
export function canRedraw({ TERM }: Variables, isTerminal: boolean): boolean {
  return isTerminal && TERM !== "dumb";
}

/** Throws `WORKING_FOLDER_GONE`. */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new ConnectorError("WORKING_FOLDER_GONE", "the folder in which this runs does not exist any more", {
      cause,
    });
  }
}
