/**
 * A process of its own that works on a state store, for tests of what happens between processes and when one is killed.
 * Arguments: backend, path, task, first memory id. Says each thing that is done and durable on a line of its own.
 */
import { openState, type StateBackend } from "../../src/state/open-state.ts";
import { pendingRow, scope } from "./state-manager-samples.ts";

const [backend, path = "", task, prefix = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const state = await openState({ backend: backend as StateBackend, path });
  if (task === "hold") {
    await state.lockConnector(scope.connectorId);
    console.log("held");
    setInterval(() => undefined, 1000);
    return;
  }
  const count = task === "write-some" ? 150 : Number.POSITIVE_INFINITY;
  for (let at = 0; at < count; at += 3) {
    const ids = [at, at + 1, at + 2].map((number) => `${prefix}${number}`);
    await Promise.all(ids.map((memoryId) => state.saveRows([pendingRow({ memoryId })])));
    console.log(ids.join(" "));
  }
  await state.close();
}

main().catch((error) => {
  console.log(error.code, error.message);
  process.exitCode = 1;
});
