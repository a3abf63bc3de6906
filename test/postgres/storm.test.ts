import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RunRecord } from "../../src/domain/run-record.ts";
import { plural } from "../../src/kernel/util/readable.ts";
import { openState } from "../../src/state/open-state.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { postgresPrograms, startPostgres } from "../support/postgres-cluster.ts";
import { eventually, fromSource, type RunningService, startProgram } from "../support/service.ts";
import { startTcpFront } from "../support/tcp-front.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** `STORM=full` is the storm as it is meant; without it there are fewer connectors, for a machine that has much else to do. */
const isFull = process.env.STORM === "full";
const size = isFull ? { connectors: 200, memories: 50 } : { connectors: 24, memories: 25 };
const total = size.connectors * size.memories;
const replicas = 3;

/** What befalls the services, in this order, each when so much more of the work is done. */
const storm = [
  "kill",
  "restart",
  "kill",
  "cut",
  "stop",
  "kill",
  "restart",
  "wake",
  "kill",
  "cut",
  "kill",
] as const;

/** Both ends, a database behind a way that can be cut, and the folder of each machine with the same configuration. */
async function makeStormyWorld() {
  const cluster = await startPostgres(postgresPrograms() ?? "");
  onTestFinished(() => cluster.remove());
  const database = new URL(cluster.url);
  const way = await startTcpFront(Number(database.port));
  const memoryApi = await MemoryApiSimulator.start();
  onTestFinished(() => memoryApi.close());
  const ids = Array.from({ length: size.connectors }, (_, n) => `c${n}`);
  for (const id of ids) {
    const memories = makeApiMemories(size.memories, Date.now());
    memoryApi.put(
      id,
      ...memories.map((each) => ({ ...each, transcript: `${each.transcript} It is of ${id}.` })),
    );
  }
  const lightrag = new LightRagSimulator({ generation: "1.5", processingMs: 50, parallel: 8 });
  await lightrag.start();
  onTestFinished(() => lightrag.stop());
  const path = new URL(database);
  path.port = String(way.port);
  const connectors = ids.map(
    (id) =>
      `  - { id: ${id}, context_id: ${id}, ingestion: { query_range: all }, schedule: { type: interval, every: 1h } }`,
  );
  const config = [
    `memory_api: { url: "${memoryApi.url}", api_key: ${memoryApi.key} }`,
    `lightrag: { api: { url: "${lightrag.url}" } }`,
    `state: { url: "${path.href}" }`,
    "advanced: { pipeline: { max_concurrent_connectors: 6 } }",
    "connectors:",
    ...connectors,
  ].join("\n");
  const machines = Array.from({ length: replicas }, () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "config.yaml"), config);
    return folder;
  });
  return { cluster, way, lightrag, machines, ids };
}

/** The services, and what is done to them. */
class Storm {
  readonly #world: Awaited<ReturnType<typeof makeStormyWorld>>;
  readonly #running = new Map<string, RunningService>();
  #asleep: { folder: string; pid: number } | null = null;

  constructor(world: Awaited<ReturnType<typeof makeStormyWorld>>) {
    this.#world = world;
  }

  async start(folder: string): Promise<void> {
    this.#running.set(folder, await startProgram(fromSource, folder, "--scheduler-only"));
  }

  /** One that is awake dies, and another begins in its place. */
  async kill(): Promise<void> {
    const folder = this.#someoneAwake();
    const { child } = this.#service(folder);
    child.kill("SIGKILL");
    await this.start(folder);
  }

  async restart(): Promise<void> {
    this.#world.cluster.stop("immediate");
    this.#world.cluster.start();
  }

  async cut(): Promise<void> {
    this.#world.way.cut();
  }

  /** One falls asleep, until another has all that it worked on. */
  async stop(): Promise<void> {
    const folder = this.#someoneAwake();
    const { child } = this.#service(folder);
    child.kill("SIGSTOP");
    this.#asleep = { folder, pid: child.pid ?? 0 };
    await eventually(async () => {
      const holders = await this.seen((state) =>
        Promise.all(this.#world.ids.map((id) => state.holderOf(id))),
      );
      return holders.every((holder) => holder === null || !holder.name.startsWith(`process ${child.pid} `));
    });
  }

  async wake(): Promise<void> {
    if (this.#asleep !== null) this.#service(this.#asleep.folder).child.kill("SIGCONT");
    this.#asleep = null;
  }

  async end(): Promise<(number | null)[]> {
    return Promise.all(Array.from(this.#running.values(), async (service) => (await service.stop()).code));
  }

  /** Past the way that is cut. */
  async seen<T>(look: (state: StateManager) => Promise<T>): Promise<T> {
    const state = await openState({ backend: "postgres", path: this.#world.cluster.url, readOnly: true });
    try {
      return await look(state);
    } finally {
      await state.close();
    }
  }

  #service(folder: string): RunningService {
    const service = this.#running.get(folder);
    if (service === undefined) throw new Error("no service runs there");
    return service;
  }

  #someoneAwake(): string {
    const awake = this.#world.machines.filter((folder) => folder !== this.#asleep?.folder);
    return awake[randomInt(awake.length)] ?? "";
  }
}

async function allRuns(state: StateManager): Promise<RunRecord[]> {
  const runs: RunRecord[] = [];
  for (let after: string | undefined; ; ) {
    const page = await state.listRuns({ limit: 500, ...(after !== undefined && { after }) });
    runs.push(...page.runs);
    if (page.next === null) return runs;
    after = page.next;
  }
}

/** A run that went to its end, and was not told by its lease that another one had taken over. */
function hasRun({ outcome, errors }: RunRecord): boolean {
  return (
    ["success", "partial", "failed"].includes(outcome) &&
    !errors.some(({ code }) => code === "CONNECTOR_LEASE_LOST")
  );
}

function inShort({ runId, connectorId, trigger, outcome, startedAt, endedAt, errors, counts }: RunRecord) {
  const span = `${new Date(startedAt).toISOString()} to ${endedAt === null ? "?" : new Date(endedAt).toISOString()}`;
  const why = errors.map(({ code, message }) => `${code}: ${message}`).join(", ");
  return `${connectorId} ${runId} ${trigger} ${outcome} ${span} processed ${counts.processed} ${why}`;
}

/** Pairs of runs of one connector that were under way at the same time; of one that ended by force it is not known until when it lived. */
function overlaps(runs: readonly RunRecord[]): string[] {
  const whole = runs.filter(hasRun).toSorted((a, b) => a.startedAt - b.startedAt);
  return whole.flatMap((run, at) => {
    const next = whole.slice(at + 1).find(({ connectorId }) => connectorId === run.connectorId);
    return next !== undefined && next.startedAt < (run.endedAt ?? 0) ? [`${run.runId} ${next.runId}`] : [];
  });
}

describe.skipIf(process.env.TEST_POSTGRES_URL === undefined)("a storm", () => {
  test(
    `${plural(replicas, "service")} that are killed, cut off, stopped and woken, on a server that is restarted, deliver ` +
      `${plural(total, "memory", "memories")} of ${plural(size.connectors, "connector")} once each, and serve each due time once`,
    async () => {
      const world = await makeStormyWorld();
      const { lightrag, machines, ids } = world;
      const storms = new Storm(world);
      await Promise.all(machines.map((folder) => storms.start(folder)));
      const done = () => lightrag.documents().filter(({ status }) => status === "processed").length;
      for (const [at, event] of storm.entries()) {
        const enough = Math.floor((total * (at + 1)) / (storm.length + 2));
        await eventually(() => done() >= enough);
        await storms[event]();
      }
      await eventually(async () => {
        const counts = await storms.seen((state) => state.sharedRuns?.counts() ?? Promise.resolve(null));
        return counts?.queued === 0 && counts.active === 0;
      });
      const { runs, processed, schedules } = await storms.seen(async (state) => ({
        runs: await allRuns(state),
        schedules: await state.listSchedules(),
        processed: await Promise.all(ids.map(async (id) => (await state.countRows(id)).processed)),
      }));
      expect(processed, "nothing is lost").toEqual(ids.map(() => size.memories));
      const documents = lightrag.documents();
      expect(documents.length, "nothing is there twice").toBe(total);
      expect(new Set(documents.map(({ file_path: name }) => name)).size, "nothing is doubled").toBe(total);
      expect(overlaps(runs)).toEqual([]);
      const wrong = ids.filter(
        (id) => runs.filter((run) => run.connectorId === id && hasRun(run)).length !== 1,
      );
      expect(
        runs.filter(({ connectorId }) => wrong.includes(connectorId)).map(inShort),
        "each due time has one run that went to its end",
      ).toEqual([]);
      expect(schedules.map(({ openRun, skipped }) => [openRun, skipped])).toEqual(ids.map(() => [null, 0]));
      expect(await storms.end()).toEqual(machines.map(() => 0));
    },
    isFull ? 1_800_000 : 400_000,
  );
});
