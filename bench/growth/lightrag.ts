import { readConfig } from "../../src/config/read-config.ts";
import type { RunRecord } from "../../src/domain/run-record.ts";
import { App } from "../../src/runtime/app.ts";
import { ordinaryRun } from "../../src/sync/run-options.ts";
import { connectedDouble } from "../../test/support/lightrag-double.ts";
import type { ChildServer } from "../support/child-server.ts";
import { BenchFolder, connectorId, startNullSink } from "../support/world.ts";
import { type Costs, type GrowthCase, onlyWhatIsNew, processorMs, withTheWork } from "./growth.ts";

/** Documents that are looked up, removed and inserted, whatever else LightRAG holds. */
const changes = 60;

/** What is asked of LightRAG. */
export const growthOfLightRag: readonly GrowthCase[] = [
  {
    what: "adoption of what LightRAG 1.5 holds after the state was lost, by memories",
    size: 500,
    atMost: withTheWork,
    costs: (memories) => adopt(memories, "1.5"),
  },
  {
    what: "adoption of what LightRAG 1.4 holds after the state was lost, by memories",
    size: 500,
    atMost: withTheWork,
    costs: (memories) => adopt(memories, "1.4"),
  },
  {
    what: `removal of ${changes} documents, by those that LightRAG holds`,
    size: 3_000,
    atMost: onlyWhatIsNew,
    costs: (held) => remove(held, changes),
  },
  {
    what: "removal of documents, by their number, of 12000",
    size: 100,
    atMost: withTheWork,
    costs: (number) => remove(12_000, number),
  },
];

async function adopt(memories: number, generation: "1.4" | "1.5"): Promise<Costs> {
  using first = new BenchFolder();
  await using source = await first.startSource(memories);
  await using sink = await startNullSink({ generation, answerMs: 0 });
  await sync(first, source, sink, memories);
  using second = new BenchFolder();
  const { record, ...costs } = await sync(second, source, sink, memories);
  if (record.counts.adopted !== memories) throw new Error(`${record.counts.adopted} memories were adopted`);
  return costs;
}

async function sync(folder: BenchFolder, source: ChildServer, sink: ChildServer, count: number) {
  folder.writeConfig({ source, sink, count });
  const config = readConfig({ path: "config.yaml", environment: {}, workingFolder: folder.path });
  const app = await App.open(config, { readOnly: false });
  try {
    let requests = 0;
    app.events.on("http:attempt", ({ end }) => {
      if (end === "sink") requests += 1;
    });
    const run = () =>
      app.run(app.connector(connectorId), ordinaryRun("cli", Date.now()), new AbortController().signal);
    let record: RunRecord | undefined;
    const ms = await processorMs(async () => {
      record = await run();
    });
    if (record?.counts.processed !== count)
      throw new Error(`${record?.counts.processed} memories were proved`);
    return { record, ms, requests };
  } finally {
    await app.close();
  }
}

/** Documents that were delivered in many inserts are removed as a run removes them: looked up, deleted, seen to be gone. */
async function remove(held: number, number: number): Promise<Costs> {
  const { client, double, signal } = await filledDouble(held);
  const all = double.rows();
  const step = Math.floor(all.length / number);
  const rows = Array.from({ length: number }, (_, n) => all[n * step]).filter((row) => row !== undefined);
  const before = double.sent.length;
  for (let start = 0; start < rows.length; start += 100) {
    const part = rows.slice(start, start + 100);
    const refs = part.map(({ id, file_path, track_id }) => ({
      documentId: id,
      fileSource: file_path,
      trackId: track_id,
    }));
    const records = await client.find(refs, signal);
    await client.remove(
      records.flatMap((record) => record?.documentId ?? []),
      signal,
    );
  }
  const requests = double.sent.slice(before);
  const sorted = requests.filter(({ route }) => route === "POST /documents/paginated").length;
  return { requests: requests.length, "pages of the sorted listing": sorted };
}

/** As many documents an insert as a run sends by default. */
const perInsert = 10;

/** A LightRAG in this process that has processed so many documents. */
async function filledDouble(held: number) {
  const { client, double } = await connectedDouble({ generation: "1.5" });
  const { intake, store } = double.server;
  for (let start = 0; start < held; start += perInsert) {
    const documents = Array.from({ length: perInsert }, (_, n) => {
      const name = `m${start + n}`;
      return { fileSource: `${name}@BENCH.md`, text: `What ${name} says.` };
    });
    intake.store(documents, `insert-${start}`);
  }
  for (const { id } of double.rows()) store.update(id, { status: "processed", chunks_count: 1 });
  return { client, double, signal: new AbortController().signal };
}
