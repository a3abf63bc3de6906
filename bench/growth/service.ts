import { readConfig } from "../../src/config/read-config.ts";
import { noCounts } from "../../src/domain/run-record.ts";
import { EventBus } from "../../src/kernel/util/event-bus.ts";
import { countRuns } from "../../src/observe/count-events.ts";
import { Metrics } from "../../src/observe/metrics.ts";
import { App } from "../../src/runtime/app.ts";
import type { SyncEvents } from "../../src/sync/events.ts";
import { ordinaryRun } from "../../src/sync/run-options.ts";
import { runRecord } from "../../test/support/run-record.ts";
import { BenchFolder, connectorId, contextId, startNullSink } from "../support/world.ts";
import { type Costs, type GrowthCase, onlyWhatIsNew, processorMs, withTheWork } from "./growth.ts";

/** What a service tells, and what it asks of sources. */
export const growthOfService: readonly GrowthCase[] = [
  { what: "a scrape of the metrics, by connectors", size: 250, atMost: withTheWork, costs: scrape },
  {
    what: "requests for a list that was read before, by its memories",
    size: 130,
    atMost: onlyWhatIsNew,
    costs: listAgain,
  },
];

/** One takes a few milliseconds. */
const scrapes = 20;

/** Each connector has run, and found what connectors find. */
async function scrape(connectors: number): Promise<Costs> {
  const metrics = new Metrics();
  const ids = Array.from({ length: connectors }, (_, number) => ({ id: `connector-${number}` }));
  metrics.keepOnly(() => ids);
  const events = new EventBus<SyncEvents>();
  countRuns(events, metrics);
  for (const { id } of ids) {
    const counts = { ...noCounts, fetched: 9, unchanged: 9 };
    events.emit("run:end", { record: runRecord({ connectorId: id, counts }) });
  }
  let text = "";
  const ms = await processorMs(async () => {
    for (let turn = 0; turn < scrapes; turn += 1) text = await metrics.scrape();
  });
  return { ms, bytes: Buffer.byteLength(text) };
}

/** More memories than the first limit shows, so that larger ones have to be found. */
async function listAgain(memories: number): Promise<Costs> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(memories);
  await using sink = await startNullSink({ generation: "1.5", answerMs: 0 });
  folder.writeConfig(
    { source, sink, count: memories },
    {
      connectors: [
        { id: connectorId, context_id: contextId, ingestion: { query_range: "all", query_limit: 10 } },
      ],
    },
  );
  const config = readConfig({ path: "config.yaml", environment: {}, workingFolder: folder.path });
  const app = await App.open(config, { readOnly: false });
  try {
    const run = () =>
      app.run(app.connector(connectorId), ordinaryRun("cli", Date.now()), new AbortController().signal);
    await run();
    let requests = 0;
    app.events.on("http:attempt", ({ end }) => {
      if (end === "source") requests += 1;
    });
    await run();
    return { requests };
  } finally {
    await app.close();
  }
}
