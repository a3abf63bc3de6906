/** Preloaded into a process: its work hangs in a loop that never yields as soon as the file exists that `SPIN_FILE` names. */
import { existsSync, writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env.SPIN_FILE;
if (!isMainThread && file !== undefined) setInterval(spinIfAsked, 20).unref();

function spinIfAsked() {
  if (!existsSync(file)) return;
  writeSync(2, "spinning\n");
  for (;;);
}
