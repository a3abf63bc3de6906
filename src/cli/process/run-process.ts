import { writeSync } from "node:fs";
import { ConnectorError, systemError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import { printableLines } from "../../kernel/util/terminal-text.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { endBySignal, endFromThread } from "./hard-end.ts";
import { onNpmShellExit } from "./npm-shell.ts";
import { Output } from "./output.ts";
import { type ProcessEdge, processIo } from "./process-io.ts";
import { runInThread } from "./run-in-thread.ts";
import { StopSignals } from "./stop-signals.ts";

/** Head start of the main thread, whose message says more, over the watchdog thread. Milliseconds. */
const watchdogMs = 1000;

/** Runs one command line (without node and script) as this process and resolves to the exit code. */
export async function runProcess(argv: readonly string[]): Promise<number> {
  const isService = argv.find((argument) => !argument.startsWith("-")) === "serve";
  const signals = new StopSignals({ drains: isService, say: sayNow, end: endBySignal });
  const edge: ProcessEdge = { out: new Output(process.stdout), err: new Output(process.stderr), signals };
  signals.listen();
  onNpmShellExit(signals.onSignal);
  process.on("uncaughtException", (thrown) => {
    exit(reportUncaught(thrown, argv, edge));
  });
  const code = await (isService ? runInThread(argv, edge) : runHere(argv, edge)).catch((thrown) =>
    reportUncaught(thrown, argv, edge),
  );
  signals.close();
  return withOutput(code, edge);
}

async function runHere(argv: readonly string[], edge: ProcessEdge): Promise<number> {
  edge.signals.stop.addEventListener("abort", () => endFromThread(edge.signals.limitMs + watchdogMs));
  const { runCommandLine } = await import("../program.ts");
  return runCommandLine(argv, processIo(edge));
}

/** Success without written output becomes a failure; a failed command keeps its own code. */
async function withOutput(code: number, { out, err }: ProcessEdge): Promise<number> {
  await out.flush();
  if (out.failure !== null) err.write(`${outputError(out.failure).format()}\n`);
  await err.flush();
  return out.failure !== null && code === exitCodes.ok ? exitCodes.runFailed : code;
}

function outputError(cause: Error): ConnectorError {
  return new ConnectorError("OUTPUT_NOT_WRITTEN", `standard output cannot be written: ${cause.message}`, {
    cause,
  });
}

/** Reports an uncaught error in one line, like any other error. Returns the exit code. */
function reportUncaught(thrown: unknown, argv: readonly string[], { err }: ProcessEdge): number {
  const error = systemError(thrown) ?? toConnectorError(thrown);
  err.write(`${printableLines(error.format())}\n`);
  if (argv.includes("--verbose") && thrown instanceof Error) err.write(`${thrown.stack}\n`);
  return exitCodeOfError(error);
}

/** Writes synchronously, because the process ends right after. */
function sayNow(line: string): void {
  try {
    writeSync(process.stderr.fd, `${line}\n`);
  } catch {
    // Nobody reads it.
  }
}

function exit(code: number): never {
  process.exit(code);
}
