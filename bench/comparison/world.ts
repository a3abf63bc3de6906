import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ApiMemory } from "../../test/support/memory-api-data.ts";
import { MemoryApiSimulator } from "../../test/support/memory-api-simulator.ts";
import { Front } from "./front.ts";
import type { ComparedLightRag } from "./light-rags.ts";
import { prepareFolder, type RunEnd, type StartedRun, startRun, type Way } from "./ways.ts";

/** A row of LightRAG's records, as far as a comparison looks. */
export interface Row {
  file_path: string;
  status: string;
  content_summary: string;
  metadata?: { is_duplicate?: boolean } | null;
}

export const contextId = "NOTES";
const key = "test-key";
const longestWorkMs = 300_000;

/** A source, a LightRAG and a folder to work in, for one way and one input. */
export class World {
  readonly source: MemoryApiSimulator;
  readonly lightRag: ComparedLightRag;
  readonly front: Front;
  /** What the source holds, shown or not, by id. */
  readonly memories = new Map<string, ApiMemory>();
  /** How long a run that waits for LightRAG may wait. Seconds. */
  patience = 120;
  /** Of the runs so far. */
  readonly ends: RunEnd[] = [];
  readonly #way: Way;
  readonly #folder: string;

  private constructor(way: Way, folder: string, parts: Pick<World, "source" | "lightRag" | "front">) {
    this.#way = way;
    this.#folder = folder;
    this.source = parts.source;
    this.lightRag = parts.lightRag;
    this.front = parts.front;
  }

  static async start(way: Way, startLightRag: (folder: string) => Promise<ComparedLightRag>): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "memory-connector-comparison-"));
    const work = join(folder, "work");
    mkdirSync(work);
    prepareFolder(way, work);
    const lightRag = await startLightRag(folder);
    const source = await MemoryApiSimulator.start({ key });
    source.clear(contextId);
    return new World(way, folder, { source, lightRag, front: await Front.start(lightRag.url) });
  }

  put(...memories: ApiMemory[]): void {
    for (const memory of memories) this.memories.set(memory.id, memory);
    this.source.put(contextId, ...memories);
  }

  remove(id: string): void {
    this.memories.delete(id);
    this.source.remove(contextId, id);
  }

  /** One run, as cron starts it, and the quiet until the next one: LightRAG works on what it has. */
  async run(): Promise<RunEnd> {
    return this.finish(this.startRun());
  }

  startRun(): StartedRun {
    return startRun(this.#way, join(this.#folder, "work"), {
      MEMORY_API_URL: this.source.url,
      MEMORY_API_KEY: key,
      CONTEXT_ID: contextId,
      LIGHTRAG_URL: this.front.url,
      INPUT_DIR: this.lightRag.inputDir,
      BACKOFF: "0.3",
      WAIT: String(this.patience),
    });
  }

  async finish(run: StartedRun): Promise<RunEnd> {
    const end = await run.ended;
    this.ends.push(end);
    await this.#quiet();
    return end;
  }

  /** Waits until LightRAG has so many documents in its records. */
  async untilHeld(documents: number): Promise<void> {
    await reached(async () => (await this.rows()).length >= documents);
  }

  /** Waits until LightRAG, or the folder that it scans, has got so many documents. */
  async untilBrought(documents: number): Promise<void> {
    const files = () => readdirSync(this.lightRag.inputDir).filter((name) => name.endsWith(".txt")).length;
    await reached(async () => files() >= documents || (await this.rows()).length >= documents);
  }

  /** LightRAG's own records, its notes of refused copies left out. */
  async rows(): Promise<Row[]> {
    const body = JSON.stringify({ page: 1, page_size: 200 });
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body };
    const answer = await ask(`${this.lightRag.url}/documents/paginated`, request);
    const { documents } = answer as { documents: Row[] };
    return documents.filter(({ metadata }) => metadata?.is_duplicate !== true);
  }

  async stop(): Promise<void> {
    await this.front.stop();
    await this.lightRag.stop();
    await this.source.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A pause between two things that LightRAG does looks idle as well: it counts only three times in a row. */
  async #quiet(): Promise<void> {
    let idle = 0;
    await reached(async () => {
      idle = (await this.#isIdle()) ? idle + 1 : 0;
      return idle >= 3;
    }, 100);
  }

  async #isIdle(): Promise<boolean> {
    const answer = await ask(`${this.lightRag.url}/health`);
    const { pipeline_busy, pipeline_active } = answer as Record<string, unknown>;
    return pipeline_busy !== true && pipeline_active !== true;
  }
}

/** A server that was killed leaves dead connections behind: the second try makes a new one. */
async function ask(url: string, request: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(url, request).catch(() => fetch(url, request));
  return answer.json();
}

async function reached(isSo: () => Promise<boolean>, everyMs = 10): Promise<void> {
  const deadline = performance.now() + longestWorkMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error("LightRAG does not come to where it should be");
    await delay(everyMs);
  }
}
