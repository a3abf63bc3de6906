import { onTestFinished } from "vitest";
import type { RunOutcome, RunRecord } from "../../src/domain/run-record.ts";
import { EventBus } from "../../src/kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../../src/schedule/events.ts";
import type { RunConnector, RunRequest } from "../../src/schedule/run-dispatcher.ts";
import type { Schedule, ScheduledConnector } from "../../src/schedule/schedule.ts";
import { type SchedulerOptions, SchedulerService } from "../../src/schedule/scheduler-service.ts";
import type { ScheduleStore } from "../../src/state/schedule-state.ts";
import { MemoryScheduleStore } from "./memory-schedule-store.ts";
import { runRecord } from "./run-record.ts";
import { SteppedClock } from "./stepped-clock.ts";

interface HeldRun {
  request: RunRequest;
  end: (record: RunRecord) => void;
}

/** Runs that end when the test says so, or when they are cancelled. */
export class ScheduledRuns {
  readonly clock: SteppedClock;
  /** `HH:MM:SS connector trigger` of every run that started, in order. */
  readonly started: string[] = [];
  readonly held = new Map<string, HeldRun>();
  /** True: runs end as soon as they start. */
  endAtOnce = true;
  /** Thrown instead of a run. */
  refusal: Error | null = null;

  constructor(clock: SteppedClock) {
    this.clock = clock;
  }

  readonly run: RunConnector = async (request, signal) => {
    const { connectorId, trigger } = request;
    this.started.push(`${new Date(this.clock.now()).toISOString().slice(11, 19)} ${connectorId} ${trigger}`);
    if (this.refusal !== null) throw this.refusal;
    if (this.endAtOnce) return this.record(request, "success");
    const { promise, resolve } = Promise.withResolvers<RunRecord>();
    this.held.set(connectorId, { request, end: resolve });
    signal.addEventListener("abort", () => this.end(connectorId, "cancelled"), { once: true });
    return promise;
  };

  end(connectorId: string, outcome: RunOutcome = "success"): void {
    const held = this.held.get(connectorId);
    this.held.delete(connectorId);
    held?.end(this.record(held.request, outcome));
  }

  private record({ runId, connectorId, trigger }: RunRequest, outcome: RunOutcome): RunRecord {
    return runRecord({ runId, connectorId, trigger, outcome, endedAt: this.clock.now() });
  }
}

export interface TestScheduler<Store extends ScheduleStore = MemoryScheduleStore> {
  scheduler: SchedulerService;
  runs: ScheduledRuns;
  clock: SteppedClock;
  store: Store;
  events: EventBus<SchedulerEvents>;
}

/** A scheduler on a clock that the test moves. Give it the store and the clock of another to see a restart. */
export function schedulerOn<Store extends ScheduleStore>(
  store: Store,
  clock = new SteppedClock(Date.UTC(2026, 0, 1, 12)),
  maxConcurrentConnectors = 100,
  sharing: SchedulerOptions["sharing"] = null,
): TestScheduler<Store> {
  const runs = new ScheduledRuns(clock);
  const events = new EventBus<SchedulerEvents>();
  let runNumber = 0;
  const scheduler = new SchedulerService({
    run: runs.run,
    store,
    clock,
    events,
    maxConcurrentConnectors,
    random: () => 0,
    newRunId: () => `run-${++runNumber}`,
    sharing,
  });
  return { scheduler, runs, clock, store, events };
}

/** The same on a store in memory. */
export function testScheduler(
  given: { clock?: SteppedClock; store?: MemoryScheduleStore; maxConcurrentConnectors?: number } = {},
): TestScheduler {
  const { store = new MemoryScheduleStore(), clock, maxConcurrentConnectors } = given;
  return schedulerOn(store, clock, maxConcurrentConnectors);
}

type ScheduleOf<Type extends Schedule["type"]> = Extract<Schedule, { type: Type }>;

export function intervalOf(everyMs: number, jitterMs = 0): ScheduleOf<"interval"> {
  return { type: "interval", everyMs, catchUp: "one", jitterMs };
}

export function cronOf(cron: string, timezone = "UTC"): ScheduleOf<"cron"> {
  return { type: "cron", cron, timezone, catchUp: "one", jitterMs: 0 };
}

/** Every hour from the first start on, unless told otherwise. */
export function hourlyConnector(
  connectorId: string,
  schedule: Schedule = intervalOf(3_600_000),
): ScheduledConnector {
  return { connectorId, schedule };
}

type Life = Parameters<typeof testScheduler>[0] & { connectors?: ScheduledConnector[]; hold?: boolean };

/** A scheduler that was started at 12:00, and stops when the test ends. With `hold`, runs end when the test ends them. */
export async function startedScheduler({
  connectors = [hourlyConnector("a")],
  hold = false,
  ...given
}: Life = {}): Promise<TestScheduler> {
  const started = testScheduler(given);
  started.runs.endAtOnce = !hold;
  await started.scheduler.start(connectors);
  await started.clock.advance(0);
  onTestFinished(() => stopAtOnce(started));
  return started;
}

export async function stopAtOnce({ scheduler }: Pick<TestScheduler, "scheduler">): Promise<void> {
  void scheduler.stop();
  await scheduler.stop();
}

/** The events of a name from now on. */
export function recordEvents<Name extends keyof SchedulerEvents>(
  { events }: Pick<TestScheduler, "events">,
  name: Name,
): SchedulerEvents[Name][] {
  const seen: SchedulerEvents[Name][] = [];
  events.on(name, (event) => seen.push(event));
  return seen;
}
