/** A command line in a thread of its own; see `runInThread`. What `main.ts` is to the process, this is to the thread. */
import { parentPort, workerData } from "node:worker_threads";
import { keepCompiledCode } from "../../kernel/util/v8.ts";
import type { CliIo } from "../cli-io.ts";
import { threadIo } from "./thread-io.ts";
import type { ThreadTask } from "./thread-messages.ts";

const port = parentPort;
if (port === null) throw new Error("this is no thread of memory-connector");
const task: ThreadTask = workerData;
// Before all else is loaded: a signal may come at any moment.
const io: CliIo = threadIo(port, task);
keepCompiledCode();
const { runCommandLine } = await import("../program.ts");
port.postMessage({ exitCode: await runCommandLine(task.argv, io) });
port.close();
