import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type CliAnswer, ended, mainFile, runCli } from "./cli.ts";
import { LightRagSimulator } from "./lightrag-simulator.ts";
import { makeApiMemories } from "./memory-api-data.ts";
import { MemoryApiSimulator } from "./memory-api-simulator.ts";
import { temporaryFolder } from "./temp-folder.ts";

export const adminKey = "admin-key-of-the-tests";

/** The blocks of a configuration that lead to both ends and to the service, as YAML. */
interface Ends {
  memory_api: string;
  lightrag: string;
  api: string;
}

/** Both ends and a folder with a configuration for `serve`. */
export interface World {
  folder: string;
  memoryApi: MemoryApiSimulator;
  lightrag: LightRagSimulator;
  /** Writes the configuration: what leads to both ends, or other blocks in their place, and the rest of it; all as YAML. */
  configure(rest: string, ends?: Partial<Ends>): void;
}

export interface RunningService {
  child: ChildProcess;
  /** What it has said on standard error so far. */
  said(): string;
  /** Resolves once it has said something. */
  says(text: string): Promise<void>;
  /** Where it said that something is: `api`, `docs`, `metrics`. */
  url(what: string): string;
  /** Sends SIGTERM and resolves when the process has ended. */
  stop(): Promise<CliAnswer>;
}

export async function makeWorld(memories = 5): Promise<World> {
  const folder = temporaryFolder();
  const memoryApi = await MemoryApiSimulator.start();
  onTestFinished(() => memoryApi.close());
  const lightrag = new LightRagSimulator({ generation: "1.5" });
  await lightrag.start();
  onTestFinished(() => lightrag.stop());
  memoryApi.put("CTX", ...makeApiMemories(memories, Date.now()));
  const simulated: Ends = {
    memory_api: `{ url: "${memoryApi.url}", api_key: ${memoryApi.key} }`,
    lightrag: `{ api: { url: "${lightrag.url}" } }`,
    api: `{ api_key: ${adminKey} }`,
  };
  const configure = (rest: string, ends: Partial<Ends> = {}) => {
    const blocks = { ...simulated, ...ends };
    const lines = Object.entries(blocks).map(([key, block]) => `${key}: ${block}`);
    writeFileSync(join(folder, "config.yaml"), [...lines, rest].join("\n"));
  };
  return { folder, memoryApi, lightrag, configure };
}

/** With a connector whose run takes a while: LightRAG takes so long for each document, in milliseconds. */
export async function makeSlowWorld(
  memories: number,
  processingMs: number,
  blocks: Partial<Ends> & { state?: string; monitoring?: string } = {},
): Promise<World> {
  const world = await makeWorld(memories);
  world.lightrag.options.processingMs = processingMs;
  world.configure(
    "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all }, schedule: { type: manual } }]",
    blocks,
  );
  return world;
}

/** Starts the real binary from source and resolves when it is ready. */
export function startService(folder: string, ...args: string[]): Promise<RunningService> {
  return startProgram(fromSource, folder, ...args);
}

/** How the service is started: a command of the shell, or words that stand before its arguments. */
export type Program = readonly [command: string, ...words: string[]];

export const fromSource: Program = [process.execPath, mainFile];

/** Starts a program as a service and resolves when it is ready; it ends with the test. */
export async function startProgram(
  [command, ...words]: Program,
  folder: string,
  ...args: string[]
): Promise<RunningService> {
  const port = args.includes("--scheduler-only") ? [] : ["--port", "0"];
  const child = spawn(command, [...words, "serve", ...port, ...args], {
    cwd: folder,
    // The Node of this test first, as on a machine that has the right one.
    env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const answer = ended(child);
  let text = "";
  child.stderr.on("data", (part: string) => {
    text += part;
  });
  const service: RunningService = {
    child,
    said: () => text,
    says: async (wanted) => {
      await eventually(() => {
        if (!text.includes(wanted) && child.exitCode !== null) throw new Error(`the service ended: ${text}`);
        return text.includes(wanted);
      });
    },
    url: (what) => new RegExp(`^${what} +(\\S+)$`, "mu").exec(text)?.[1] ?? "",
    stop: () => {
      child.kill("SIGTERM");
      return answer;
    },
  };
  await service.says("ready\n");
  return service;
}

/** What a command of the same folder prints with `--json`. */
export async function cliJson(folder: string, ...args: string[]) {
  const { out } = await runCli([...args, "--json"], { cwd: folder });
  return JSON.parse(out);
}

/** Below the time limit of a test, so that the message names the condition. Milliseconds. */
const longestWaitMs = 100_000;

/** Resolves once a condition holds, asking often; rejects when it does not for long, even on a busy machine. */
export async function eventually<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + longestWaitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline)
      throw new Error(`the condition did not come to hold within ${longestWaitMs} ms: ${ask}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
