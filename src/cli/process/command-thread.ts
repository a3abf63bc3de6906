/** Runs a command line in a worker thread; see `runInThread`. The thread's counterpart of `main.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { keepCompiledCode } from "../../kernel/util/v8.ts";
import type { CliIo } from "../cli-io.ts";
import { type ThreadTask, threadIo } from "./thread-io.ts";

const port = parentPort;
if (port === null) throw new Error("this is no thread of memory-connector");
const task: ThreadTask = workerData;
// Before anything else is loaded: a signal may arrive at any moment.
const io: CliIo = threadIo(port, task);
keepCompiledCode();
const { runCommandLine } = await import("../program.ts");
port.postMessage({ exitCode: await runCommandLine(task.argv, io) });
port.close();
