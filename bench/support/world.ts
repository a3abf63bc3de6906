import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryTransformer, type Prepared } from "../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { parseMemory } from "../../src/sources/memory-api/parse-memory.ts";
import type { StateBackend } from "../../src/state/open-state.ts";
import { type ApiMemory, makeApiMemories } from "../../test/support/memory-api-data.ts";
import { ChildServer } from "./child-server.ts";

export const contextId = "BENCH";
export const connectorId = "c";
const transcript =
  "Met Anna at the harbour. We talked about the boat, the summer and what Paul had said about the new house.";

/** Memories as long as an ordinary voice note. */
function apiMemories(count: number): ApiMemory[] {
  return makeApiMemories(count).map((memory) => ({
    ...memory,
    transcript: `${transcript} Note ${memory.id}.`,
  }));
}

/** The same memories with their documents as the default configuration makes them, oldest first, which is the order of delivery. */
export function preparedMemories(count: number): { memory: Memory; prepared: Prepared }[] {
  const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });
  return apiMemories(count)
    .reverse()
    .map((item) => {
      const parsed = parseMemory(item);
      if (parsed.kind !== "memory") throw new Error(`${item.id} is malformed`);
      return { memory: parsed.memory, prepared: transformer.prepare(contextId, parsed.memory) };
    });
}

export interface SinkSpeed {
  generation: "1.4" | "1.5";
  /** To take in one document of an insert, before it is answered. Milliseconds. */
  answerMs: number;
}

/** A LightRAG that finishes every document as soon as it has it. */
export function startNullSink({ generation, answerMs }: SinkSpeed): Promise<ChildServer> {
  return ChildServer.start("run-lightrag.ts", ["--generation", generation, "--answer-ms", String(answerMs)]);
}

export interface BenchWorld {
  source: ChildServer;
  /** Null for direct mode with the built-in models, in a folder beside the configuration. */
  sink: ChildServer | null;
  /** Memories that the source has. */
  count: number;
  backend?: StateBackend;
}

/** A folder with a configuration, a state and a Memory API's data; removed at the end. */
export class BenchFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "memory-connector-bench-"));

  /** A Memory API with this many memories. */
  startSource(count: number): Promise<ChildServer> {
    return this.startSourceOf(apiMemories(count));
  }

  /** A Memory API with these memories. */
  startSourceOf(memories: readonly ApiMemory[]): Promise<ChildServer> {
    const path = join(this.path, "memories.json");
    writeFileSync(path, JSON.stringify({ context_id: contextId, memories }));
    return ChildServer.start("run-memory-api.ts", ["--data", path]);
  }

  statePath(backend: StateBackend): string {
    return join(this.path, `state.${backend}`);
  }

  /**
   * Defaults for everything but the ends, the state, how much is asked for (all `count` memories in one answer), and `more`: further
   * blocks.
   */
  writeConfig(
    { source, sink, count, backend = "sqlite" }: BenchWorld,
    more: Readonly<Record<string, unknown>> = {},
  ): void {
    const ingestion = { query_range: "all", query_limit: count + 1 };
    const direct = { mode: "direct", direct: { working_dir: "./lightrag" } };
    const config = {
      memory_api: { url: source.url, api_key: "test-key" },
      lightrag: sink === null ? direct : { api: { url: sink.url } },
      connectors: [{ id: connectorId, context_id: contextId, schedule: { type: "manual" }, ingestion }],
      state: { backend, path: this.statePath(backend) },
      ...more,
    };
    writeFileSync(join(this.path, "config.yaml"), JSON.stringify(config));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
