import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { CliIo } from "../../src/cli/cli-io.ts";
import { runCommandLine } from "../../src/cli/program.ts";

export interface CliAnswer {
  code: number | null;
  out: string;
  err: string;
}

/** Of the command line, from source. */
export const mainFile = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Runs one command line in this process, with streams of its own. */
export async function runCli(args: readonly string[], change: Partial<CliIo> = {}): Promise<CliAnswer> {
  let out = "";
  let err = "";
  const code = await runCommandLine(args, {
    stdin: Readable.from([]),
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
    logs: new PassThrough().resume(),
    columns: null,
    errColumns: null,
    isTerminal: false,
    canRedraw: false,
    colours: false,
    confirm: async () => false,
    openDialogue: () => null,
    env: {},
    cwd: process.cwd(),
    signal: new AbortController().signal,
    cutShort: new AbortController().signal,
    readerGone: new AbortController().signal,
    onHangUp: () => undefined,
    endWithin: () => undefined,
    ...change,
  });
  return { code, out, err };
}

/** Starts the real binary from source. */
export function startCli(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): ChildProcess {
  return spawn(process.execPath, [mainFile, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Everything that a started binary says, until it ends. */
export async function ended(child: ChildProcess): Promise<CliAnswer> {
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}
