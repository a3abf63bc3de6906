import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { summarize } from "../../src/lightrag/document-text.ts";
import type { ServerGeneration } from "../../src/lightrag/light-rag-client.ts";
import { parseMemory } from "../../src/memory/api/parse-memory.ts";
import { MemoryTransformer } from "../../src/transform/memory-transformer.ts";
import { createStrategy } from "../../src/transform/registry.ts";
import { ended, startCli } from "../support/cli.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { type ApiMemory, makeApiMemories } from "../support/memory-api-data.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const memoryCount = 601;
/** How long after a sign of life the process may live. Milliseconds. */
const longestLifeMs = 700;
/** Memories that change between two lives, so that updates and deletions are caught in the middle as well. */
const changesEach = 8;

const contextId = "CTX";
const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });

for (const { backend, generation, kills } of [
  { backend: "sqlite", generation: "1.5", kills: 25 },
  { backend: "json", generation: "1.5", kills: 20 },
  { backend: "sqlite", generation: "1.4", kills: 20 },
] as const) {
  test(`killed ${kills} times at random, ${backend} before LightRAG ${generation} loses no memory and doubles none`, async () => {
    const world = await startWorld(backend, generation);
    for (let life = 0; life < kills; life += 1) {
      await liveAndDie(world.folder);
      world.changeSome();
    }
    const last = await ended(startCli(["sync", "--json"], world.folder));
    expect(last.err).toBe("");
    expect(last.code).toBe(0);
    expectExactly(world.sink, world.memories);
    const status = await ended(startCli(["status", "--json"], world.folder));
    expect(JSON.parse(status.out).connectors[0].memories).toMatchObject({
      processed: memoryCount,
      dead: 0,
      pending: 0,
    });
  });
}

async function startWorld(backend: "sqlite" | "json", generation: ServerGeneration) {
  const folder = temporaryFolder();
  const source = await MemoryApiSimulator.start();
  const sink = new LightRagSimulator({
    generation,
    processingMs: 20,
    enqueueMs: 5,
    deletingMs: 2,
    parallel: 4,
  });
  await sink.start();
  onTestFinished(async () => {
    await source.close();
    await sink.stop();
  });
  const memories = new Map(makeApiMemories(memoryCount).map((memory) => [memory.id, memory]));
  source.put(contextId, ...memories.values());
  writeFileSync(join(folder, "config.yaml"), config(backend, source, sink));
  const changeSome = () => {
    for (let change = 0; change < changesEach; change += 1) {
      const id = `m${Math.floor(Math.random() * memoryCount)}`;
      const memory = memories.get(id);
      if (memory === undefined) continue;
      const changed = { ...memory, transcript: `${memory.transcript} Changed ${Math.random()}.` };
      memories.set(id, changed);
      source.put(contextId, changed);
    }
  };
  return { folder, sink, memories, changeSome };
}

function config(backend: string, source: MemoryApiSimulator, sink: LightRagSimulator): string {
  return JSON.stringify({
    lightrag: { api: { url: sink.url, max_in_flight: 60, poll_interval: "200ms" } },
    memory_api: { url: source.url, api_key: source.key, requests_per_second: 1000 },
    connectors: [{ id: "c", context_id: contextId, ingestion: { query_range: "all", query_limit: 1000 } }],
    state: { backend, path: `./state.${backend}` },
  });
}

async function liveAndDie(folder: string): Promise<void> {
  const child = startCli(["sync"], folder);
  const exit = once(child, "exit");
  // Its first word on stderr: the run has begun. What it does before that is the same each time.
  await Promise.race([once(child.stderr ?? child, "data"), exit]);
  await Promise.race([delay(Math.random() * longestLifeMs), exit]);
  child.kill("SIGKILL");
  await exit;
}

/** The sink's own count: each memory once, with its newest text, and nothing else. */
function expectExactly(sink: LightRagSimulator, memories: ReadonlyMap<string, ApiMemory>): void {
  const held = sink.documents().map((row) => [row.file_path, row.status, row.content_summary]);
  const wanted = Array.from(memories.values(), (memory) => {
    const parsed = parseMemory(memory);
    if (parsed.kind !== "memory") throw new Error(`${memory.id} is malformed`);
    const prepared = transformer.prepare(contextId, parsed.memory);
    if (prepared.kind !== "document") throw new Error(`${memory.id} is skipped`);
    return [prepared.fileSource, "processed", summarize(prepared.text).contentSummary];
  });
  expect(held.toSorted()).toEqual(wanted.toSorted());
}
