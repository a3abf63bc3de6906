import { Worker } from "node:worker_threads";
import { exitCodes } from "../exit-codes.ts";

/**
 * Ends this process as SIGTERM ends one that does not listen, and nobody may listen any more. `process.exit` comes second: it waits for
 * what the pool's threads are in, a mount that does not answer or a pipe that nobody opens.
 */
export function endBySignal(): void {
  process.kill(process.pid, "SIGTERM");
  // The first process of a container is still there.
  process.exit(exitCodes.cancelled);
}

/** Ends this process after a time even when its main thread does not come round. It keeps no process alive. Milliseconds. */
export function endFromThread(afterMs: number): void {
  const watchdog = new Worker(`setTimeout(() => process.kill(process.pid, "SIGTERM"), ${afterMs})`, {
    eval: true,
    // What the process preloads is not for this thread.
    env: {},
    execArgv: [],
  });
  // Where no thread can be begun, the next signal still ends the process.
  watchdog.on("error", () => undefined);
  watchdog.unref();
}
