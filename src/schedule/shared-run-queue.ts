import type { RunRecord } from "../domain/run-record.ts";
import type { RunWish } from "../domain/run-wish.ts";
import { ConnectorError, isAbort, isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { alignedDelay } from "../kernel/util/due-time.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ScheduleState } from "../state/schedule-state.ts";
import type { DuePlan, SharedRun, SharedRuns, TakenRun } from "../state/shared-runs.ts";
import type { SchedulerEvents } from "./events.ts";
import type { MisfireDecision } from "./planning.ts";
import type { RunConnector, RunDispatcher, RunRequest } from "./run-dispatcher.ts";
import { isComparison, type RunEnd, RunQueue, type RunQueueOptions } from "./run-queue.ts";
import type { Timetable } from "./timetable.ts";

export interface SharedRunQueueOptions extends Omit<RunQueueOptions, "over"> {
  shared: SharedRuns;
  recordOf: (runId: string) => Promise<RunRecord | null>;
  /** Called when due times have moved. */
  moved: () => void;
  /** Called when runs may wait that this process has no room for: the others need not wait until they look. */
  leftOver?: () => void;
}

/** How often it is looked for what others have handed out. Milliseconds. */
const lookMs = 1000;

/** How long the lease of a process that has died is waited for by whoever goes on with its run; longer than a lease lasts. Milliseconds. */
const inheritanceMs = 45_000;

/** Runs of a connector whose folder another process has are left to others for so long. Milliseconds. */
const leaveMs = 10_000;

/** What is left to be planned by another process is looked at again after so long. Milliseconds. */
const othersPlanMs = 100;

/**
 * As `RunQueue`, for processes that share their work: due times become runs in the store, once over all of them, and each process takes from there as many
 * runs as it has room for. So work goes to whoever is free, and that of a process that has died to the others.
 */
export class SharedRunQueue {
  readonly #options: SharedRunQueueOptions;
  readonly #shared: SharedRuns;
  readonly #table: Timetable;
  readonly #clock: Clock;
  readonly #events: Emitter<SchedulerEvents>;
  readonly #local: RunQueue;
  /** By run id of their request here. */
  readonly #taken = new Map<string, TakenRun>();
  readonly #concluding = new Map<string, Promise<void>>();
  /** Until when runs of these connectors are left to others, by the monotonic clock. */
  readonly #left = new Map<string, number>();
  readonly #ended = new AbortController();
  /** Whether this process has handed out runs since it last knew that none waits. */
  #hasOffered = false;
  #handingOut: Promise<void> | null = null;
  #taking: Promise<void> | null = null;
  #looking: Promise<void> = Promise.resolve();
  #maxConcurrent: number;

  constructor(options: SharedRunQueueOptions) {
    const { shared, table, clock, events } = options;
    this.#options = options;
    this.#shared = shared;
    this.#table = table;
    this.#clock = clock;
    this.#events = events;
    this.#maxConcurrent = options.maxConcurrentConnectors;
    this.#local = new RunQueue({
      ...options,
      run: this.#run,
      over: (request, end) => this.#over(request, end),
    });
  }

  get dispatcher(): RunDispatcher {
    return this.#local.dispatcher;
  }

  /** Takes part in the common work. Resolves to the connectors that have a run, here or elsewhere. */
  async join(): Promise<Set<string>> {
    await this.#shared.join();
    return new Set((await this.#shared.list()).map(({ connectorId }) => connectorId));
  }

  /** Takes runs from here on. */
  start(): void {
    this.#looking = this.#look();
  }

  /** Takes now what another process has no room for. */
  takeLeftOver(): void {
    this.#take();
  }

  /** Plans what is due, behind. While that is under way, it is not due. */
  serveDue(): void {
    if (this.#ended.signal.aborted) return;
    this.#handingOut ??= this.#handOut()
      .catch((error: unknown) => this.#table.emitFailure(error))
      .finally(() => {
        this.#handingOut = null;
        this.#options.moved();
        // After the planning of all that is due, which would have to wait for what runs write.
        this.#take();
      });
  }

  earliest(): number | null {
    return this.#table.earliestToCome();
  }

  /** Hands out a run on request. Throws `RUN_ACTIVE`. */
  async request(connectorId: string, wish: RunWish): Promise<string> {
    const run = this.#newRun(connectorId, "api", wish);
    if (!(await this.#shared.add(run))) throw runActive(connectorId, this.#table.get(connectorId)?.state);
    const { runId, trigger, at } = run;
    if (!isComparison(wish)) this.#table.openRun(connectorId, { runId, trigger, at });
    this.#events.emit("schedule:dispatch", { connectorId, runId, trigger, latenessMs: null });
    this.#table.saveBehind();
    this.#hasOffered = true;
    this.#take();
    return runId;
  }

  /** Withdraws a queued run. A pause keeps a run that was requested. */
  async withdraw(connectorId: string, reason: "paused" | "removed"): Promise<void> {
    const isWanted = ({ trigger }: SharedRun) => reason === "removed" || trigger !== "api";
    const run = await this.#shared.withdraw(connectorId, isWanted);
    if (run !== null) this.#local.skipped(run, reason, run.at);
  }

  /** Cancels the queued run, or the one that is active here. Resolves to its id; undefined when there is none. */
  async cancel(connectorId: string): Promise<string | undefined> {
    const active = this.#local.cancel(connectorId);
    if (active !== undefined) return active;
    const run = await this.#shared.withdraw(connectorId, () => true);
    if (run === null) return undefined;
    const { runId } = run;
    this.#local.failed(
      run,
      new ConnectorError("CANCELLED", "the run was cancelled on request", { subject: runId }),
    );
    this.#table.saveBehind();
    return runId;
  }

  setMaxConcurrent(maxConcurrentConnectors: number): void {
    this.#maxConcurrent = maxConcurrentConnectors;
    this.dispatcher.setMaxConcurrent(maxConcurrentConnectors);
    this.#take();
  }

  /** Lets active runs end and takes no others. */
  async drain(): Promise<void> {
    this.#ended.abort();
    await Promise.all([this.#looking, this.#handingOut, this.#taking]);
    await this.dispatcher.drain();
    // What was taken and could not begin any more.
    for (const [runId, taken] of this.#taken)
      if (!this.#concluding.has(runId)) this.#conclude(runId, taken, "cut-short");
    await Promise.all(this.#concluding.values());
  }

  async #look(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      this.#take();
      const delayMs = alignedDelay(lookMs, this.#clock.now());
      await this.#clock.sleep(delayMs, this.#ended.signal).catch(ignoreAbort);
    }
  }

  async #handOut(): Promise<void> {
    for (let rounds = 0; rounds < 2; ) {
      const due = this.#table.due().map(({ state }) => state.connectorId);
      if (due.length === 0 || this.#ended.signal.aborted) return;
      const decisions = new Map<DuePlan, MisfireDecision>();
      const plans = await this.#shared.handOut(due, (stored, isBusy) =>
        this.#plan(stored, isBusy, decisions),
      );
      this.#table.adopt(plans.map(({ state }) => state));
      for (const plan of plans) this.#tell(plan, decisions.get(plan));
      this.#hasOffered ||= plans.some(({ run }) => run !== null);
      if (plans.length > 0) continue;
      // Others are at it; what they have planned is read, and planned by this process if it is still due then.
      rounds += 1;
      await this.#clock.sleep(othersPlanMs, this.#ended.signal).catch(ignoreAbort);
      await this.#table.refresh();
    }
  }

  #plan(stored: ScheduleState, isBusy: boolean, decisions: Map<DuePlan, MisfireDecision>): DuePlan | null {
    const planned = this.#table.planDue(stored, isBusy);
    if (planned === null) return null;
    const { decision, next } = planned;
    const run = decision.kind === "run" ? this.#newRun(stored.connectorId, decision.trigger, {}) : null;
    const openRun = run === null ? next.openRun : { runId: run.runId, trigger: run.trigger, at: run.at };
    const plan = { state: { ...next, openRun }, run };
    decisions.set(plan, decision);
    return plan;
  }

  #tell({ state, run }: DuePlan, decision: MisfireDecision | undefined): void {
    const { connectorId } = state;
    const dueAt = state.lastDueAt ?? this.#clock.now();
    if (decision?.kind === "skip") {
      this.#events.emit("schedule:skip", { connectorId, reason: decision.reason, dueAt });
    } else if (run !== null) {
      const { runId, trigger } = run;
      const latenessMs = trigger === "schedule" ? this.#clock.now() - dueAt : null;
      this.#events.emit("schedule:dispatch", { connectorId, runId, trigger, latenessMs });
    }
  }

  /** Takes runs while there is room for them. */
  #take(): void {
    this.#taking ??= this.#takeAll()
      .catch((error: unknown) => this.#table.emitFailure(error))
      .finally(() => {
        this.#taking = null;
      });
  }

  async #takeAll(): Promise<void> {
    for (;;) {
      const room = this.#maxConcurrent - this.#taken.size;
      if (this.#ended.signal.aborted) return;
      if (room <= 0) return this.#offer();
      const runs = await this.#shared.take(room, this.#leftToOthers());
      for (const run of runs)
        await this.#begin(run).catch((error: unknown) => this.#couldNotBegin(run, error));
      if (runs.length < room) {
        this.#hasOffered = false;
        return;
      }
    }
  }

  /** Tells the others once of what was handed out here and may still wait. */
  #offer(): void {
    if (this.#hasOffered) this.#options.leftOver?.();
    this.#hasOffered = false;
  }

  async #begin(taken: TakenRun): Promise<void> {
    const { connectorId, runId, trigger, wish } = taken;
    const active = this.dispatcher.get(connectorId);
    // It was queued again because nothing was heard of this process, and nobody else has taken it: its run goes on.
    if (active !== undefined) this.#taken.set(active.request.runId, taken);
    else if (!taken.wasTaken) this.#submit(taken, { runId, connectorId, trigger, wish });
    else await this.#goOn(taken);
  }

  /** The run of a process that has died, or gave it back: nothing if only its end was not told any more, else another run in its place. */
  async #goOn(taken: TakenRun): Promise<void> {
    const { connectorId, wish } = taken;
    if (!isComparison(wish) && (await this.#hasEnded(taken)))
      return this.#conclude(taken.runId, taken, "ended");
    const { runId, trigger, at } = this.#newRun(connectorId, "catch_up", wish);
    if (!isComparison(wish)) this.#table.openRun(connectorId, { runId, trigger, at });
    await this.#table.save();
    this.#events.emit("schedule:failover", { connectorId, runId });
    this.#submit(taken, { runId, connectorId, trigger, wish });
  }

  #couldNotBegin(taken: TakenRun, error: unknown): void {
    this.#table.emitFailure(error);
    this.#conclude(taken.runId, taken, "cut-short");
  }

  async #hasEnded({ connectorId, at }: TakenRun): Promise<boolean> {
    await this.#table.refresh();
    const state = this.#table.get(connectorId)?.state;
    if (state === undefined) return false;
    if (state.openRun === null) return (state.lastRun?.endedAt ?? 0) >= at;
    const record = await this.#options.recordOf(state.openRun.runId);
    if (record === null || !endsForGood.has(record.outcome)) return false;
    const { runId, trigger } = state.openRun;
    this.#table.endRun(connectorId, {
      ...{ runId, trigger, outcome: record.outcome },
      endedAt: record.endedAt ?? this.#clock.now(),
    });
    return true;
  }

  #submit(taken: TakenRun, request: RunRequest): void {
    this.#taken.set(request.runId, taken);
    this.dispatcher.submit(request);
  }

  /** A process that has died may hold its lease for a while after its run was given to this one. */
  readonly #run: RunConnector = async (request, signal) => {
    const waitsUntil = this.#taken.get(request.runId)?.wasTaken ? this.#clock.monotonic() + inheritanceMs : 0;
    for (;;) {
      try {
        return await this.#options.run(request, signal);
      } catch (thrown) {
        if (!isConnectorError(thrown, "CONNECTOR_LOCKED") || this.#clock.monotonic() >= waitsUntil)
          throw thrown;
      }
      await this.#clock.sleep(lookMs, signal);
    }
  };

  #over({ runId, connectorId }: RunRequest, end: RunEnd): void {
    if (end === "left") this.#left.set(connectorId, this.#clock.monotonic() + leaveMs);
    const taken = this.#taken.get(runId);
    if (taken !== undefined) this.#conclude(runId, taken, end);
  }

  /** The connectors whose folders another process had a while ago. */
  #leftToOthers(): string[] {
    const now = this.#clock.monotonic();
    for (const [connectorId, until] of this.#left) if (now >= until) this.#left.delete(connectorId);
    return [...this.#left.keys()];
  }

  /** Tells the store what became of a run, behind, once its outcome is durable; again and again, until it is told. */
  #conclude(runId: string, taken: TakenRun, end: RunEnd): void {
    this.#taken.set(runId, taken);
    const told = this.#tellEnd(taken, end).finally(() => {
      this.#taken.delete(runId);
      this.#concluding.delete(runId);
      this.#take();
    });
    this.#concluding.set(runId, told);
  }

  async #tellEnd(taken: TakenRun, end: RunEnd): Promise<void> {
    for (;;) {
      try {
        await this.#table.save();
        if (end === "ended") return await this.#shared.end(taken);
        await this.#shared.giveBack(taken, end === "cut-short");
        this.#options.leftOver?.();
        return;
      } catch (error) {
        this.#table.emitFailure(error);
        // A process that ends leaves it to others: they find out that it is over, or go on with it.
        if (this.#ended.signal.aborted) return;
        await this.#clock.sleep(lookMs);
      }
    }
  }

  #newRun(connectorId: string, trigger: SharedRun["trigger"], wish: RunWish): SharedRun {
    const at = this.#clock.now();
    return { runId: this.#options.newRunId(at), connectorId, trigger, wish, at };
  }
}

/** A run that was cut short by a shutdown is cancelled, and one whose process has died is interrupted: both go on. */
const endsForGood: ReadonlySet<RunRecord["outcome"]> = new Set(["success", "partial", "failed"]);

function runActive(connectorId: string, state: Readonly<ScheduleState> | undefined): ConnectorError {
  const which = state?.openRun == null ? "a run" : `run ${state.openRun.runId}`;
  return new ConnectorError("RUN_ACTIVE", `${which} of connector "${connectorId}" has not ended`, {
    subject: state?.openRun?.runId ?? connectorId,
  });
}

function ignoreAbort(thrown: unknown): void {
  if (!isAbort(thrown)) throw thrown;
}
