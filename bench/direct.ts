/**
 * Direct mode's figures.
 *
 * Usage: node bench/direct.ts scale [documents, default 10000]
 *          brings notes in with the builtin models: how long, how much memory, and whether a document costs more when there
 *          are many already
 *        node bench/direct.ts server [documents, default 100]
 *          the same notes into direct mode and into a real LightRAG 1.5, one model server that answers at once for both
 *
 * The notes are the real conversations of ../shared/data, again and again with other names.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LightRagApiClient } from "../src/lightrag/api/light-rag-api-client.ts";
import { createBuiltinEmbedder } from "../src/lightrag/direct/builtin/embedder.ts";
import { createBuiltinExtractor } from "../src/lightrag/direct/builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../src/lightrag/direct/light-rag-direct-client.ts";
import type { LightRagClient, OutgoingDocument } from "../src/lightrag/light-rag-client.ts";
import { systemClock } from "../src/util/clock.ts";
import { scriptedModels } from "../test/lightrag/direct/models.ts";
import { startPythonLightRag } from "../test/support/python-lightrag.ts";
import { realContexts, realDocuments, realMemoriesMissing } from "../test/support/real-memories.ts";

const signal = new AbortController().signal;
const megabyte = 1024 * 1024;

/** What a piece of work took. CPU time is this process's own and does not depend on what else the machine does. */
interface Cost {
  seconds: number;
  cpuSeconds: number;
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

async function notes(count: number): Promise<OutgoingDocument[]> {
  const real = (await Promise.all(realContexts.map((context) => realDocuments(context, 1000)))).flat();
  return Array.from({ length: count }, (_, i) =>
    inRound(Math.floor(i / real.length), real[i % real.length] as OutgoingDocument),
  );
}

const endings = ["", "bel", "tor", "wyn", "ska", "dun"];

/** The same note of other people in other places: each round has names of its own, so that the graph goes on growing. */
function inRound(round: number, { fileSource, text }: OutgoingDocument): OutgoingDocument {
  const [header = "", ...body] = text.split("\n\n");
  const ending = endings[round % endings.length] ?? "";
  const renamed = body.join("\n\n").replace(/\b\p{Lu}\p{Ll}{3,}\b/gu, (name) => `${name}${ending}`);
  return {
    fileSource: `${round}-${fileSource}`,
    text: `${header.replace("Memory ", `Memory ${round}-`)}\n\n${renamed}`,
  };
}

/** Delivers everything in batches and waits until it is indexed. */
async function ingest(
  client: LightRagClient,
  documents: readonly OutgoingDocument[],
  batch: number,
): Promise<void> {
  for (let at = 0; at < documents.length; at += batch) {
    for (const outcome of await client.submit(documents.slice(at, at + batch), signal)) {
      if (outcome.kind !== "accepted") throw new Error(`a document was not accepted: ${outcome.kind}`);
    }
  }
  while (await client.isBusy(signal)) await systemClock.sleep(5);
}

function openBuiltin(folder: string): LightRagDirectClient {
  const models = { extraction: createBuiltinExtractor(), embedding: createBuiltinEmbedder() };
  return new LightRagDirectClient({ workingDir: folder, models });
}

async function measureScale(folder: string, count: number): Promise<void> {
  const client = openBuiltin(folder);
  await client.connect(signal);
  const documents = await notes(count);
  const step = Math.max(1, Math.min(1000, Math.floor(count / 4)));
  const all = await measure(async () => {
    for (let at = 0; at < count; at += step) {
      const part = documents.slice(at, at + step);
      const { cpuSeconds } = await measure(() => ingest(client, part, 100));
      const { graph } = client.stores;
      console.log(
        `${at + part.length} documents: ${((cpuSeconds / part.length) * 1000).toFixed(1)} ms of CPU each, ` +
          `${graph.nodeCount} entities, ${graph.edgeCount} relations, RSS ${megabytes(process.memoryUsage().rss)}`,
      );
    }
  });
  const closing = await measure(() => client.close());
  console.log(
    `${count} documents in ${all.seconds.toFixed(1)} s (${all.cpuSeconds.toFixed(1)} s of CPU), closing ${closing.seconds.toFixed(1)} s; ` +
      `peak RSS ${megabytes(process.resourceUsage().maxRSS * 1024)}; folder ${megabytes(await folderBytes(folder))}`,
  );
  const again = openBuiltin(folder);
  const opening = await measure(async () => void (await again.connect(signal)));
  console.log(
    `opening it again: ${opening.seconds.toFixed(1)} s (${opening.cpuSeconds.toFixed(1)} s of CPU)`,
  );
  await again.close();
}

async function folderBytes(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(0)} MB`;
}

async function measureAgainstServer(folder: string, count: number): Promise<void> {
  const documents = await notes(count);
  const model = await startModelProcess();
  try {
    const direct = new LightRagDirectClient({ workingDir: folder, models: await scriptedModels(model.url) });
    await direct.connect(signal);
    const ours = await measure(() => ingest(direct, documents, 100));
    await direct.close();
    const server = await startPythonLightRag({ generation: "1.5", modelUrl: model.url });
    const api = new LightRagApiClient({ url: server.url });
    await api.connect(signal);
    const theirs = await measure(() => ingestAtOnce(server.url, api, documents));
    await api.close();
    await server.stop();
    console.log(
      `${count} documents: direct mode ${(count / ours.seconds).toFixed(1)}/s, LightRAG 1.5 ${(count / theirs.seconds).toFixed(1)}/s: ` +
        `${(theirs.seconds / ours.seconds).toFixed(1)} times as fast`,
    );
  } finally {
    model.stop();
  }
}

/** All documents in one request, which the client would not do: so the server waits for nobody. */
async function ingestAtOnce(
  url: string,
  api: LightRagClient,
  documents: readonly OutgoingDocument[],
): Promise<void> {
  const body = {
    texts: documents.map(({ text }) => text),
    file_sources: documents.map((it) => it.fileSource),
  };
  const headers = { "content-type": "application/json" };
  await fetch(`${url}/documents/texts`, { method: "POST", headers, body: JSON.stringify(body) });
  const refs = documents.map((it) => ({ fileSource: it.fileSource, documentId: api.predictDocumentId(it) }));
  for (;;) {
    const records = await api.find(refs.slice(-1), signal);
    const isBusy = await api.isBusy(signal);
    if (records[0]?.status === "processed" && !isBusy) return;
    await systemClock.sleep(250);
  }
}

/** The model server as a process of its own, so that neither side has it in its way. */
async function startModelProcess(): Promise<{ url: string; stop(): void }> {
  const script = join(import.meta.dirname, "../test/support/run-model-server.ts");
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { url: JSON.parse(line).url, stop: () => void child.kill() };
}

const [part = "", size] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "memory-connector-bench-"));
try {
  if (realMemoriesMissing !== null) console.log(realMemoriesMissing);
  else if (part === "scale") await measureScale(folder, Number(size ?? 10_000));
  else if (part === "server") await measureAgainstServer(folder, Number(size ?? 100));
  else console.log("usage: node bench/direct.ts scale|server [documents]");
} finally {
  await rm(folder, { recursive: true, force: true });
}
