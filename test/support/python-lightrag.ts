import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pinnedVersions } from "./lightrag-versions.ts";
import { findPython, lightragPython } from "./python-environment.ts";
import { tokenizerFolder } from "./python-tokenizers.ts";

export { pinnedVersions };

/** Why suites with a real LightRAG cannot run here; null when they can. */
export const lightragMissing: string | null = findPython() === null ? "skipped: no Python 3.10+" : null;

export interface PythonLightRagOptions {
  generation: keyof typeof pinnedVersions;
  /** Base URL of the model server, with `/v1`. */
  modelUrl: string;
  /** Length of the model server's vectors. Default 32. */
  dimensions?: number;
  workspace?: string;
  /** Further environment of the server, for instance `LIGHTRAG_API_KEY`. */
  env?: Record<string, string>;
  /** Working folder to go on with; it is kept by `stop`. Default: a fresh one, removed by `stop`. */
  folder?: string;
}

/** A real LightRAG server, a process of its own on a free port of loopback. */
export interface PythonLightRag {
  readonly url: string;
  /** LightRAG's `WORKING_DIR`. */
  readonly workingDir: string;
  /** The end of what the server printed, for the message of a failed test. */
  log(): string;
  /** Dies at once, between two writes. `start` brings it back. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder after `kill` or `halt`. */
  start(): Promise<void>;
  /** Ends the process in good order and keeps its folder, so that files can be looked at. */
  halt(): Promise<void>;
  /** Ends the process and removes what it left behind. */
  stop(): Promise<void>;
}

const startTimeoutMs = 180_000;
const stopTimeoutMs = 15_000;
const keptLog = 64 * 1024;

export async function startPythonLightRag(options: PythonLightRagOptions): Promise<PythonLightRag> {
  const python = await lightragPython(pinnedVersions[options.generation]);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "memory-connector-lightrag-"));
  const port = await freePort();
  const env = serverEnvironment(options, folder, port, await tokenizerFolder());
  const server = new ServerProcess(python, env, `http://127.0.0.1:${port}`);
  const stop = async () => {
    await server.end("SIGTERM");
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  await server.start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url: server.url,
    workingDir: join(folder, "storage"),
    log: () => server.log,
    kill: () => killBetweenWrites(server, join(folder, "storage")),
    start: () => server.start(),
    halt: () => server.end("SIGTERM"),
    stop,
  };
}

class ServerProcess {
  log = "";
  readonly url: string;
  private readonly python: string;
  private readonly env: Record<string, string>;
  private child: ChildProcess | undefined;

  constructor(python: string, env: Record<string, string>, url: string) {
    this.python = python;
    this.env = env;
    this.url = url;
  }

  async start(): Promise<void> {
    const child = spawn(this.python, ["-m", "lightrag.api.lightrag_server"], {
      env: this.env,
      cwd: this.env.WORKING_DIR,
      // A terminal on stdin would make the server ask a question when it finds no .env file.
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    child.stdout.on("data", (piece: Buffer) => this.note(piece));
    child.stderr.on("data", (piece: Buffer) => this.note(piece));
    const killWithUs = () => child.kill("SIGKILL");
    process.once("exit", killWithUs);
    child.once("exit", () => process.off("exit", killWithUs));
    await this.healthy(child);
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.child;
    if (child === undefined || hasEnded(child)) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const hardEnd = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    await ended;
    clearTimeout(hardEnd);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.child !== undefined && !hasEnded(this.child)) this.child.kill(signal);
  }

  private note(piece: Buffer): void {
    this.log = (this.log + piece.toString()).slice(-keptLog);
  }

  private async healthy(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + startTimeoutMs;
    while (performance.now() < deadline && !hasEnded(child)) {
      const answer = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(5_000) }).catch(
        () => null,
      );
      await answer?.body?.cancel();
      if (answer?.ok === true) return;
      await delay(100);
    }
    throw new Error(`LightRAG did not start on ${this.url}:\n${this.log}`);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** LightRAG 1.4 writes its files in place: one that is killed inside a write never starts again, and there is nothing left to test. */
async function killBetweenWrites(server: ServerProcess, storage: string): Promise<void> {
  const deadline = performance.now() + stopTimeoutMs;
  for (;;) {
    server.signal("SIGSTOP");
    if (filesOf(storage).every(isWhole) || performance.now() > deadline) return server.end("SIGKILL");
    server.signal("SIGCONT");
    await delay(5);
  }
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function isWhole(path: string): boolean {
  const text = readFileSync(path, "utf8").trimEnd();
  if (path.endsWith(".graphml")) return text.endsWith("</graphml>");
  return !path.endsWith(".json") || /[}\]]$/u.test(text);
}

/** LightRAG contract §8.7; nothing of this machine's own settings reaches the server. */
function serverEnvironment(
  options: PythonLightRagOptions,
  folder: string,
  port: number,
  tokenizers: string,
): Record<string, string> {
  const folders = {
    WORKING_DIR: join(folder, "storage"),
    INPUT_DIR: join(folder, "inputs"),
    LOG_DIR: join(folder, "logs"),
  };
  for (const path of Object.values(folders)) mkdirSync(path, { recursive: true });
  return {
    ...folders,
    PATH: process.env.PATH ?? "",
    HOME: folder,
    PYTHONUNBUFFERED: "1",
    HOST: "127.0.0.1",
    PORT: String(port),
    WORKSPACE: options.workspace ?? "",
    TIKTOKEN_CACHE_DIR: tokenizers,
    LLM_BINDING: "openai",
    LLM_BINDING_HOST: options.modelUrl,
    LLM_BINDING_API_KEY: "scripted",
    LLM_MODEL: "scripted-chat",
    EMBEDDING_BINDING: "openai",
    EMBEDDING_BINDING_HOST: options.modelUrl,
    EMBEDDING_BINDING_API_KEY: "scripted",
    EMBEDDING_MODEL: "scripted-embedding",
    EMBEDDING_DIM: String(options.dimensions ?? 32),
    ...options.env,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
