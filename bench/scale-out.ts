import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { systemClock } from "../src/kernel/util/clock.ts";
import { EventBus } from "../src/kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../src/schedule/events.ts";
import { RemoteRunControl } from "../src/schedule/remote-run-control.ts";
import { SchedulerService } from "../src/schedule/scheduler-service.ts";
import { openState } from "../src/state/open-state.ts";
import type { StateManager } from "../src/state/state-manager.ts";
import { type PostgresCluster, postgresPrograms, startPostgres } from "../test/support/postgres-cluster.ts";
import { runRecord } from "../test/support/run-record.ts";
import type { ChildServer } from "./support/child-server.ts";
import { type Figure, median, percentile } from "./support/figures.ts";
import { builtMain } from "./support/measured-run.ts";
import { syncOnce } from "./support/sync-once.ts";
import { BenchFolder, contextId, startNullSink } from "./support/world.ts";

const replicas = 3;
const dueAtOnce = 1000;
const connectors = 6;
const memories = 200;
const delivered = 1000;
const deliveryTurns = 5;

/** Three services on one PostgreSQL: what they do together, and how soon the work of one that is heard of no more goes on. */
export async function measureScaleOut(): Promise<Figure[]> {
  const programs = postgresPrograms();
  if (programs === null) throw new Error("no PostgreSQL is here: apt-get install postgresql");
  const cluster = await startPostgres(programs);
  try {
    return [
      await measureLateness(cluster),
      ...(await measureServices(cluster)),
      ...(await measureDeliveries(cluster)),
    ];
  } finally {
    cluster.remove();
  }
}

/** The same sync over a file and over the database, turn by turn: to a LightRAG that takes its time, and to one that takes none. */
async function measureDeliveries({ url }: PostgresCluster): Promise<Figure[]> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(delivered);
  const figures: Figure[] = [];
  for (const answerMs of [5, 0]) {
    const ms = { sqlite: [] as number[], postgres: [] as number[] };
    for (let turn = 0; turn < deliveryTurns; turn += 1) {
      const speed = { generation: "1.5", answerMs } as const;
      const database = { url: `${url}?schema=deliveries_${answerMs}_${turn}` };
      ms.sqlite.push((await syncOnce(source, delivered, speed)).deliverMs);
      ms.postgres.push((await syncOnce(source, delivered, speed, database)).deliverMs);
    }
    figures.push({
      what: `${delivered} deliveries over PostgreSQL beside SQLite, LightRAG 1.5 taking ${answerMs} ms a document`,
      value: median(ms.sqlite) / median(ms.postgres),
      unit: "×",
      target: { atLeast: 0.6 },
      details: { sqliteMs: median(ms.sqlite), postgresMs: median(ms.postgres), turns: deliveryTurns },
    });
  }
  return figures;
}

/** Schedulers in one process, which is harder for them than machines of their own would be. */
async function measureLateness({ url }: PostgresCluster): Promise<Figure> {
  const dueAt = Math.ceil(Date.now() / 1000) * 1000 + 20_000;
  const due = new Date(dueAt);
  const cron = `${due.getUTCSeconds()} ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
  const schedule = { type: "cron", cron, timezone: "UTC", catchUp: "one", jitterMs: 0 } as const;
  const scheduled = Array.from({ length: dueAtOnce }, (_, n) => ({
    connectorId: `connector-${n}`,
    schedule,
  }));
  const lateness: number[] = [];
  const started = new Map<string, number>();
  const { promise: allStarted, resolve } = Promise.withResolvers<void>();
  const begun = (connectorId: string) => {
    started.set(connectorId, (started.get(connectorId) ?? 0) + 1);
    if (started.size === dueAtOnce) resolve();
  };
  const open = await Promise.all(
    Array.from({ length: replicas }, (_, n) => startScheduler(`${url}?schema=lateness`, n, begun)),
  );
  for (const { events } of open) events.on("schedule:dispatch", () => lateness.push(Date.now() - dueAt));
  for (const { scheduler } of open) await scheduler.start(scheduled);
  if (Date.now() >= dueAt) throw new Error("the schedulers took too long to start, the due time has passed");
  await allStarted;
  for (const { scheduler, state } of open) {
    await scheduler.stop();
    await state.close();
  }
  const starts = [...started.values()].reduce((sum, each) => sum + each, 0);
  return {
    what: `${dueAtOnce} connectors due at once over ${replicas} services: lateness of dispatch, p99`,
    value: percentile(lateness, 0.99),
    unit: "ms",
    target: { below: 500 },
    details: { medianMs: median(lateness), dispatched: lateness.length, startedTwice: starts - dueAtOnce },
  };
}

async function startScheduler(path: string, number: number, begun: (connectorId: string) => void) {
  const state = await openState({ backend: "postgres", path });
  const events = new EventBus<SchedulerEvents>();
  const shared = state.sharedRuns;
  if (shared === null) throw new Error("nothing is shared");
  let runs = 0;
  const scheduler = new SchedulerService({
    run: async ({ runId, connectorId }) => {
      begun(connectorId);
      await systemClock.sleep(5);
      return runRecord({ runId, connectorId, endedAt: Date.now() });
    },
    store: state,
    sharing: { shared, recordOf: (runId) => state.getRun(runId) },
    clock: systemClock,
    events,
    maxConcurrentConnectors: 100,
    random: Math.random,
    newRunId: () => `run-${number}-${++runs}`,
  });
  return { scheduler, events, state };
}

async function measureServices({ url }: PostgresCluster): Promise<Figure[]> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(memories);
  const world = { url, source };
  const aloneMs = await deliverAll(world, 1);
  const togetherMs = await deliverAll(world, replicas);
  return [
    {
      what: `${connectors} connectors to sinks of 50 ms a document: ${replicas} services beside one`,
      value: aloneMs / togetherMs,
      unit: "×",
      target: { atLeast: 2.5 },
      details: { aloneMs, togetherMs, memories: connectors * memories },
    },
    {
      what: "a service that falls silent, as if its machine were gone: until its run goes on in another",
      value: (await failOver(world)) / 1000,
      unit: "s",
      target: { below: 30 },
    },
  ];
}

interface ServicesWorld {
  url: string;
  source: ChildServer;
}

let worlds = 0;

/** Until every connector has had the run that was asked for, of services that wait for it. */
async function deliverAll(world: ServicesWorld, count: number): Promise<number> {
  await using services = await Services.open(world);
  for (let n = 0; n < count; n += 1) await services.start();
  const since = performance.now();
  await services.trigger();
  await services.until(async (state) => {
    const schedules = await state.listSchedules();
    return schedules.every(({ lastRun }) => lastRun !== null);
  });
  return performance.now() - since;
}

async function failOver(world: ServicesWorld): Promise<number> {
  await using services = await Services.open(world);
  await services.start();
  await services.trigger();
  const before = await services.until(async (state) => {
    const { runs } = await state.listRuns({ limit: 10 });
    return runs.length > 0 ? runs : false;
  });
  services.silence(0);
  const since = performance.now();
  await services.start();
  await services.until(async (state) => {
    const { runs } = await state.listRuns({ limit: 10 });
    return runs.some(({ runId, connectorId }) =>
      before.some((run) => run.connectorId === connectorId && run.runId !== runId),
    );
  });
  return performance.now() - since;
}

/** Services with one configuration, in a schema of their own, and a sink for each connector; all are gone at the end. */
class Services implements AsyncDisposable {
  readonly #sinks: readonly ChildServer[];
  readonly #folder = mkdtempSync(join(tmpdir(), "memory-connector-bench-"));
  readonly #path: string;
  readonly #ids: string[];
  readonly #children: ChildProcess[] = [];
  #state: StateManager | null = null;

  static async open(world: ServicesWorld): Promise<Services> {
    const startSink = () => startNullSink({ generation: "1.5", answerMs: 50 });
    return new Services(world, await Promise.all(Array.from({ length: connectors }, startSink)));
  }

  private constructor({ url, source }: ServicesWorld, sinks: readonly ChildServer[]) {
    worlds += 1;
    this.#sinks = sinks;
    this.#path = `${url}?schema=services_${worlds}`;
    this.#ids = sinks.map((_, n) => `w${worlds}c${n}`);
    const ingestion = { query_range: "all", query_limit: memories + 1 };
    const config = {
      memory_api: { url: source.url, api_key: "test-key" },
      lightrag: { api: { url: sinks[0]?.url } },
      state: { url: this.#path },
      connectors: sinks.map((sink, n) => ({
        id: this.#ids[n],
        context_id: contextId,
        schedule: { type: "manual" },
        lightrag: { api: { url: sink.url } },
        ingestion,
      })),
    };
    writeFileSync(join(this.#folder, "config.yaml"), JSON.stringify(config));
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [builtMain, "serve", "--scheduler-only"], {
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#children.push(child);
    let said = "";
    for await (const line of createInterface({ input: child.stderr })) {
      said += `${line}\n`;
      if (line !== "ready") continue;
      child.stderr.resume();
      return;
    }
    throw new Error(`the service ended before it was ready: ${said}`);
  }

  /** Has every connector run. */
  async trigger(): Promise<void> {
    const state = await this.#opened();
    const control = new RemoteRunControl({
      store: state.scheduleRequests,
      clock: systemClock,
      timeoutMs: 60_000,
    });
    await Promise.all(this.#ids.map((id) => control.trigger(id)));
  }

  silence(number: number): void {
    this.#children[number]?.kill("SIGSTOP");
  }

  async until<T>(ask: (state: StateManager) => Promise<T | false>): Promise<T> {
    const state = await this.#opened();
    for (;;) {
      const answer = await ask(state);
      if (answer !== false) return answer;
      await systemClock.sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    await this.#state?.close();
    for (const sink of this.#sinks) await sink[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #opened(): Promise<StateManager> {
    this.#state ??= await openState({ backend: "postgres", path: this.#path });
    return this.#state;
  }
}
