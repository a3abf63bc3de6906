/**
 * One whole sync of the configuration in a folder, as a process of its own. Argument: the folder. Prints `MeasuredSync` as JSON; fails
 * unless every memory is proved.
 */
import { keepHeapSmall } from "../../src/kernel/util/v8.ts";

// As main.ts does for the command line.
keepHeapSmall();

const { App } = await import("../../src/runtime/app.ts");
const { readConfig } = await import("../../src/config/read-config.ts");
const { ordinaryRun } = await import("../../src/sync/run-options.ts");
const { connectorId } = await import("./world.ts");

export interface MeasuredSync {
  memories: number;
  seconds: number;
  /** Processor time of this process for each further thousand memories that were proved, in their order. */
  cpuMsPerThousand: number[];
}

const workingFolder = process.argv[2] ?? "";
const app = await App.open(readConfig({ path: "config.yaml", environment: {}, workingFolder }), {
  readOnly: false,
});
const cpuMsPerThousand: number[] = [];
let proved = 0;
let last = process.cpuUsage();
app.events.on("item:changed", ({ to }) => {
  if (to !== "processed" || ++proved % 1000 !== 0) return;
  const { user, system } = process.cpuUsage(last);
  last = process.cpuUsage();
  cpuMsPerThousand.push((user + system) / 1000);
});
const startedAt = performance.now();
try {
  const options = ordinaryRun("cli", Date.now());
  const { counts } = await app.run(app.connector(connectorId), options, new AbortController().signal);
  if (counts.processed !== counts.fetched) {
    throw new Error(`${counts.processed} of ${counts.fetched} memories were proved`);
  }
} finally {
  await app.close();
}
const figures: MeasuredSync = {
  memories: proved,
  seconds: (performance.now() - startedAt) / 1000,
  cpuMsPerThousand,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
