import { Worker } from "node:worker_threads";
import { exitCodes } from "../exit-codes.ts";

/**
 * Ends this process by SIGTERM's default action; all listeners have to be removed before. `process.exit` comes second: it waits for
 * blocking calls of the thread pool, such as a hanging mount or a pipe without a reader.
 */
export function endBySignal(): void {
  process.kill(process.pid, "SIGTERM");
  // As PID 1 of a container it is still running.
  process.exit(exitCodes.cancelled);
}

/** Ends this process after a time even if its main thread is blocked. Does not keep the process alive. Milliseconds. */
export function endFromThread(afterMs: number): void {
  const watchdog = new Worker(`setTimeout(() => process.kill(process.pid, "SIGTERM"), ${afterMs})`, {
    eval: true,
    // The process's preloads must not run in this thread.
    env: {},
    execArgv: [],
  });
  // If no thread can be started, the next signal still ends the process.
  watchdog.on("error", () => undefined);
  watchdog.unref();
}
