import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { parseFileSource } from "../../src/documents/file-source.ts";
import { MemoryTransformer } from "../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import { summarize } from "../../src/sinks/lightrag/document-text.ts";
import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import { parseMemory } from "../../src/sources/memory-api/parse-memory.ts";
import { LightRagSimulator } from "./lightrag-simulator.ts";
import type { SimulatedServerOptions } from "./lightrag-simulator-options.ts";
import { type ApiMemory, makeApiMemories } from "./memory-api-data.ts";
import { MemoryApiSimulator } from "./memory-api-simulator.ts";
import { temporaryFolder } from "./temp-folder.ts";

export interface WorldOptions {
  memories: number;
  /** What else is special about the memories. */
  shape?: (memory: ApiMemory, index: number) => ApiMemory;
  /** What memory `m<index>` says, instead of hardly anything. */
  transcript?: (index: number) => string;
  /** Degrees. */
  latitude?: (index: number) => number;
  backend?: "sqlite" | "json";
  generation?: ServerGeneration;
  sink?: Partial<SimulatedServerOptions>;
  /** Put over the configuration's blocks. */
  lightragApi?: Record<string, unknown>;
  /** In the place of the `lightrag` block; the simulated server is then not used. */
  lightrag?: Record<string, unknown>;
  memoryApi?: Record<string, unknown>;
  connector?: Record<string, unknown>;
  /** More blocks of the configuration. */
  config?: Record<string, unknown>;
  statePath?: string;
  /** In the place of the `state` block. */
  state?: Record<string, unknown>;
}

const contextId = "CTX";

/** Both ends on real sockets, a folder with a configuration for them, and memories at the source. Ends with the test. */
export async function startWorld(options: WorldOptions) {
  const folder = temporaryFolder();
  const source = await MemoryApiSimulator.start();
  const sink = new LightRagSimulator({ generation: options.generation ?? "1.5", ...options.sink });
  await sink.start();
  onTestFinished(async () => {
    await source.close();
    await sink.stop();
  });
  const memories = new Map(apiMemories(options).map((memory) => [memory.id, memory]));
  source.put(contextId, ...memories.values());
  const configure = (change: Partial<WorldOptions> = {}) =>
    writeFileSync(join(folder, "config.yaml"), configOf({ ...options, ...change }, source, sink));
  configure();
  const change = (count: number) => changeSome(source, memories, count);
  return { folder, source, sink, memories, configure, change };
}

function apiMemories({ memories, transcript, latitude }: WorldOptions): ApiMemory[] {
  return makeApiMemories(memories).map((memory, index) => ({
    ...memory,
    ...(transcript === undefined ? {} : { transcript: transcript(index) }),
    ...(latitude === undefined ? {} : { location_lat: latitude(index) }),
  }));
}

function configOf(options: WorldOptions, source: MemoryApiSimulator, sink: LightRagSimulator): string {
  const backend = options.backend ?? "sqlite";
  return JSON.stringify({
    lightrag: options.lightrag ?? {
      api: { url: sink.url, poll_interval: "200ms", ...options.lightragApi },
    },
    memory_api: { url: source.url, api_key: source.key, requests_per_second: 1000, ...options.memoryApi },
    connectors: [
      {
        id: "c",
        context_id: contextId,
        ingestion: { query_range: "all", query_limit: 2000 },
        ...options.connector,
      },
    ],
    ...options.config,
    state: options.state ?? { backend, path: options.statePath ?? `./state.${backend}` },
  });
}

/** Some memories are edited at the source. */
function changeSome(source: MemoryApiSimulator, memories: Map<string, ApiMemory>, count: number): void {
  for (let change = 0; change < count; change += 1) {
    const id = `m${Math.floor(Math.random() * memories.size)}`;
    const memory = memories.get(id);
    if (memory === undefined) continue;
    const changed = { ...memory, transcript: `${memory.transcript} Changed ${Math.random()}.` };
    memories.set(id, changed);
    source.put(contextId, changed);
  }
}

/** A sink's own records, as LightRAG names their fields. */
export interface HeldDocuments {
  documents(): readonly { file_path: string; status: string; content_summary: string }[];
}

/** By the sink's own count: each memory once, processed, with its newest text, and nothing else. */
export function expectExactly(sink: HeldDocuments, memories: ReadonlyMap<string, ApiMemory>): void {
  const held = sink.documents().map((row) => [row.file_path, row.status, row.content_summary]);
  const wanted = Array.from(memories.values(), (memory) => {
    const { fileSource, text } = documentOf(memory);
    return [fileSource, "processed", summarize(text).contentSummary];
  });
  expect(held.toSorted()).toEqual(wanted.toSorted());
}

/** By the sink's own count: each memory once, alone or in the document of a group, processed, with its newest text. */
export function expectEachOnce(sink: LightRagSimulator, memories: ReadonlyMap<string, ApiMemory>): void {
  expect(new Set(sink.documents().map(({ status }) => status))).toEqual(new Set(["processed"]));
  const parts = Array.from(sink.texts(), ([name, text]) => {
    const [, ...notes] = text.split(/^(?=\d\d:\d\d:\d\d.* \[\S+\]$)/mu);
    return notes.length > 0 ? notes : [`[${parseFileSource(name)?.memoryId}]\n${text}`];
  });
  const held = parts.flat().flatMap((part) => {
    const [, id] = /^.*\[(\S+)\]$/mu.exec(part) ?? [];
    return id === undefined ? [] : [`${id}: ${part.trim().split("\n").at(-1)}`];
  });
  const wanted = Array.from(memories.values(), ({ id, transcript }) => `${id}: ${transcript}`);
  expect(held.toSorted()).toEqual(wanted.toSorted());
}

const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });

function documentOf(memory: ApiMemory) {
  const parsed = parseMemory(memory);
  if (parsed.kind !== "memory") throw new Error(`${memory.id} is malformed`);
  const prepared = transformer.prepare(contextId, parsed.memory);
  if (prepared.kind !== "document") throw new Error(`${memory.id} is skipped`);
  return prepared;
}
