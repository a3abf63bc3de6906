import { readFileSync } from "node:fs";
import { createBuiltinEmbedder } from "../../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { NameExtractor } from "../../test/support/name-extractor.ts";
import { BenchFolder } from "../support/world.ts";
import { type Costs, type GrowthCase, onlyWhatIsNew, processorMs, withTheWork } from "./growth.ts";

const { signal } = new AbortController();

/** What a folder of direct mode costs. */
export const growthOfDirectMode: readonly GrowthCase[] = [
  {
    what: "removal of documents of which all tell of the same, by their number, of 800",
    size: 25,
    atMost: withTheWork,
    costs: (number) => remove(800, number),
  },
  {
    what: "opening a folder, by its documents",
    size: 250,
    atMost: withTheWork,
    costs: open,
  },
  {
    what: "a question to an open folder, by its documents",
    size: 250,
    atMost: withTheWork,
    costs: ask,
  },
  {
    what: "what is written while documents are indexed, by their number",
    size: 500,
    atMost: withTheWork,
    costs: write,
  },
  {
    what: "a page about an entity that every document mentions, by documents",
    size: 200,
    atMost: onlyWhatIsNew,
    costs: async (documents) => ({ bytes: (await viewAnna(documents)).bytes }),
  },
  {
    what: "reading that page",
    size: 200,
    // The names of all that it is related to are looked at.
    atMost: withTheWork,
    costs: async (documents) => ({ ms: (await viewAnna(documents)).ms }),
  },
];

function viewAnna(documents: number) {
  return withFolder(documents, async (client) => {
    let bytes = 0;
    const ms = await processorMs(async () => {
      for (let turn = 0; turn < views; turn += 1) {
        const view = await client.knowledge().entity("Anna", signal, { from: 0, limit: 50 });
        bytes = Buffer.byteLength(JSON.stringify(view));
      }
    });
    return { bytes, ms };
  });
}

function remove(held: number, number: number): Promise<Costs> {
  return withFolder(held, async (client, documents) => {
    const ids = documents.slice(0, number).map((document) => client.predictDocumentId(document));
    return { ms: await processorMs(() => client.remove(ids, signal)) };
  });
}

async function open(held: number): Promise<Costs> {
  using folder = new BenchFolder();
  await fillFolder(folder, held);
  const client = clientIn(folder);
  const ms = await processorMs(() => client.connect(signal));
  await client.close();
  return { ms };
}

/** The journal, and LightRAG's files as often as they are written anew, the last time when the folder is closed. */
async function write(documents: number): Promise<Costs> {
  using folder = new BenchFolder();
  const before = bytesWritten();
  await fillFolder(folder, documents);
  return { bytes: bytesWritten() - before };
}

/** By this process since its start. */
function bytesWritten(): number {
  return Number(/^wchar: (\d+)$/mu.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

const questions = 20;
/** A page takes less than a millisecond. */
const views = 400;

/** Warm: the index of the chunks is built by a first question. */
function ask(held: number): Promise<Costs> {
  return withFolder(held, async (client) => {
    const query = { mode: "mix", topK: 40, chunkTopK: 20, answer: false } as const;
    const question = (n: number) =>
      client.knowledge().query({ ...query, question: `Who met Anna on day ${n}?` }, signal);
    await question(0);
    const ms = await processorMs(async () => {
      for (let n = 0; n < questions; n += 1) await question(n);
    });
    return { ms };
  });
}

function clientIn(folder: BenchFolder): LightRagDirectClient {
  const models = { extraction: new NameExtractor(), embedding: createBuiltinEmbedder() };
  return new LightRagDirectClient({ workingDir: `${folder.path}/lightrag`, models });
}

/** A closed folder of direct mode, in `lightrag` of this one, with so many documents. */
export async function fillFolder(folder: BenchFolder, documents: number): Promise<void> {
  await withFolder(documents, async () => ({}), folder);
}

async function withFolder<Found extends Costs>(
  held: number,
  measure: (client: LightRagDirectClient, documents: readonly OutgoingDocument[]) => Promise<Found>,
  given?: BenchFolder,
): Promise<Found> {
  using own = given === undefined ? new BenchFolder() : null;
  const place = given ?? own;
  if (place === null) throw new Error("there is no folder");
  const client = clientIn(place);
  await client.connect(signal);
  const documents = Array.from({ length: held }, (_, n) => documentOf(n));
  try {
    for (let start = 0; start < held; start += 100)
      await client.submit(documents.slice(start, start + 100), signal);
    while (await client.isBusy(signal)) await new Promise((resolve) => setTimeout(resolve, 5));
    return await measure(client, documents);
  } finally {
    await client.close();
  }
}

/** All meet the same people at the same places, and each somebody of its own. */
function documentOf(n: number): OutgoingDocument {
  const text = `Anna met Paul in Lisbon. Ines met Guest${letters(n)} in Porto. They spoke of day ${n}.`;
  return { fileSource: `note-${n}@BENCH.md`, text };
}

function letters(n: number): string {
  return n.toString(26).replace(/\d/gu, (digit) => "qrstuvwxyz"[Number(digit)] ?? "");
}
