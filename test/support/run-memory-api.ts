/**
 * The simulated Memory API as a process of its own:
 *
 *   node test/support/run-memory-api.ts --data memories.json [--data …] [--port 8080] [--key KEY] [--cap 100]
 *     [--paging offset|page|page-from-0|cursor] [--now 2026-01-01T00:00:00Z] [--faults faults.json]
 *
 * `faults.json` is a list of faults (`memory-api-faults.ts`), one for each of the next requests; null lets one pass.
 * Prints `{"url": …}` on one line when it listens and ends at SIGTERM.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadContextFile } from "./memory-api-data.ts";
import type { MemoryApiFault } from "./memory-api-faults.ts";
import type { ListingBehaviour } from "./memory-api-listing.ts";
import { MemoryApiSimulator } from "./memory-api-simulator.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", multiple: true, default: [] },
    port: { type: "string", default: "0" },
    key: { type: "string", default: "test-key" },
    cap: { type: "string" },
    paging: { type: "string" },
    now: { type: "string" },
    faults: { type: "string" },
  },
});

const simulator = await MemoryApiSimulator.start({
  port: Number(values.port),
  key: values.key,
  cap: values.cap === undefined ? undefined : Number(values.cap),
  ...(values.now === undefined ? {} : { now: () => Date.parse(values.now ?? "") }),
  paging: values.paging as ListingBehaviour["paging"],
});
for (const path of values.data) {
  const { contextId, memories } = loadContextFile(path);
  simulator.put(contextId, ...memories);
}
if (values.faults !== undefined) {
  const faults: (MemoryApiFault | null)[] = JSON.parse(readFileSync(values.faults, "utf8"));
  simulator.inject(...faults.map((fault) => fault ?? undefined));
}
process.once("SIGTERM", () => void simulator.close());
console.log(JSON.stringify({ url: simulator.url }));
