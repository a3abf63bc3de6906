#!/usr/bin/env node
/** The binary. The only place that touches the process: signals, streams, exit code. */
import { enableCompileCache } from "node:module";
import { createInterface } from "node:readline/promises";
import type { CliIo, SignalHandlers } from "./cli/cli-io.ts";
import { keepNewSpaceSmall } from "./util/small-heap.ts";

keepNewSpaceSmall();
// Halves the time to start. It works for what is imported afterwards, hence the import in the middle of this file.
enableCompileCache();
const { runCommandLine } = await import("./cli/program.ts");

const cancellation = new AbortController();

let taken: SignalHandlers | null = null;
let stopsSeen = 0;

/** The first signal lets the work come to a safe stop; a second one ends the process at once, unless the command answers to it. */
function onSignal(): void {
  stopsSeen += 1;
  if (stopsSeen > (taken === null ? 1 : 2)) process.exit(130);
  if (taken === null) stop();
  else taken.stop(stopsSeen > 1);
}

function stop(): void {
  process.stderr.write("stopping; what was sent is taken up by the next run (once more to end at once)\n");
  cancellation.abort();
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal: cancellation.signal });
    return /^y(es)?$/iu.test(answer.trim());
  } finally {
    prompt.close();
  }
}

const io: CliIo = {
  writeOut: (text) => void process.stdout.write(text),
  writeErr: (text) => void process.stderr.write(text),
  logs: process.stderr,
  isTerminal: process.stderr.isTTY === true,
  confirm,
  env: process.env,
  cwd: process.cwd(),
  signal: cancellation.signal,
  takeSignals: (handlers) => {
    taken = handlers;
    process.on("SIGHUP", handlers.reload);
  },
};

process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
// A reader that has gone, as in `… | head`, is no reason for a stack trace.
process.stdout.on("error", () => process.exit(0));
process.exitCode = await runCommandLine(process.argv.slice(2), io);
process.removeListener("SIGINT", onSignal).removeListener("SIGTERM", onSignal);
