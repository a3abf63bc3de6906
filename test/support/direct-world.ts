import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CliIo } from "../../src/cli/cli-io.ts";
import { type CliAnswer, runCli } from "./cli.ts";
import { MemoryApiSimulator } from "./memory-api-simulator.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { temporaryFolder } from "./temp-folder.ts";

export interface DirectWorld {
  source: MemoryApiSimulator;
  model: ModelServer;
  /** Where the configuration lies; the storage folder is `lightrag` in it. */
  folder: string;
  cli(...args: string[]): Promise<CliAnswer>;
  /** With other streams or another signal. */
  cliWith(io: Partial<CliIo>, ...args: string[]): Promise<CliAnswer>;
  /** `sync --json`, read. */
  sync(...args: string[]): Promise<{ code: number | null; runs: RunAnswer[]; err: string }>;
  /** Writes the configuration anew; what is given is put over it, block by block. */
  configure(change: {
    connector?: object;
    direct?: object;
    transformation?: object;
    [block: string]: unknown;
  }): void;
}

export interface RunAnswer {
  outcome: string;
  counts: Record<string, number>;
  errors: { code: string; count: number; message: string }[];
  [field: string]: unknown;
}

/** The whole program in direct mode: a Memory API, a model server and a folder. Everything ends with the test. */
export async function startDirectWorld(): Promise<DirectWorld> {
  const folder = temporaryFolder();
  const [source, model] = await Promise.all([MemoryApiSimulator.start(), startModelServer()]);
  onTestFinished(async () => {
    await Promise.all([source.close(), model.stop()]);
  });
  source.clear("CTX");
  const cliWith = (io: Partial<CliIo>, ...args: string[]) => runCli(args, { cwd: folder, ...io });
  const cli = (...args: string[]) => cliWith({}, ...args);
  const world: DirectWorld = {
    source,
    model,
    folder,
    cli,
    cliWith,
    sync: async (...args) => {
      const { code, out, err } = await cli("sync", "--json", ...args);
      return { code, err, ...(JSON.parse(out) as { runs: RunAnswer[] }) };
    },
    configure: (change) =>
      writeFileSync(join(folder, "config.yaml"), JSON.stringify(configOf(world, change))),
  };
  world.configure({});
  return world;
}

function configOf(
  { source, model }: DirectWorld,
  { connector = {}, direct = {}, ...blocks }: Parameters<DirectWorld["configure"]>[0],
): object {
  const endpoint = { provider: "openai-compatible", base_url: model.url, model: "scripted", retries: 0 };
  const embedding = { ...endpoint, dimension: model.dimensions };
  return {
    memory_api: { url: source.url, api_key: source.key, max_retries: 0 },
    lightrag: {
      mode: "direct",
      direct: { working_dir: "./lightrag", llm: endpoint, embedding, ...direct },
    },
    connectors: [
      { id: "c", context_id: "CTX", ingestion: { query_range: "all" }, retry: quickRetry, ...connector },
    ],
    ...blocks,
  };
}

const quickRetry = { max_attempts: 3, max_backoff_seconds: 1 };
