import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { exitCodes } from "../exit-codes.ts";
import { errTraits, type ProcessEdge, workingFolder } from "./process-io.ts";
import type { FromThread, ThreadTask, ToThread } from "./thread-io.ts";

const entry = new URL(`command-thread${extname(import.meta.url)}`, import.meta.url);

/** Time limit for the termination of a thread; an uninterruptible call never ends. Milliseconds. */
const terminateMs = 1000;

/**
 * Runs a command line in a thread of its own and resolves to its exit code, so that the main thread hears signals whatever the
 * command does (docs/decisions/150). Rejects with what the thread did not catch.
 */
export async function runInThread(argv: readonly string[], edge: ProcessEdge): Promise<number> {
  // Threads cannot be started without a working folder.
  workingFolder();
  const task: ThreadTask = { argv, ...errTraits() };
  const worker = new Worker(entry, { workerData: task });
  const send = (message: ToThread) => worker.postMessage(message);
  const hangUp = () => send("hang-up");
  edge.signals.stop.addEventListener("abort", () => send("stop"));
  edge.signals.cutShort.addEventListener("abort", () => send("cut-short"));
  process.on("SIGHUP", hangUp);
  let exitCode: number = exitCodes.runFailed;
  edge.signals.endBy(() => {
    exitCode = exitCodes.cancelled;
    void worker.terminate();
    // The only way to end that waits for nothing.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), terminateMs).unref();
  });
  worker.on("message", (message: FromThread) => {
    if ("exitCode" in message) exitCode = message.exitCode;
    else handle(message, edge);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.once("error", reject).once("exit", () => resolve());
  return promise.then(() => exitCode).finally(() => process.off("SIGHUP", hangUp));
}

function handle(
  message: Exclude<FromThread, { exitCode: number }>,
  { out, err, signals }: ProcessEdge,
): void {
  if ("out" in message) out.write(message.out);
  else if ("err" in message) err.write(message.err);
  else if ("log" in message) err.writeIfRead(message.log);
  else signals.endWithin(message.endWithin);
}
