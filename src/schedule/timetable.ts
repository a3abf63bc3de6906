import type { Emitter } from "../kernel/util/event-bus.ts";
import type { EndedRun, OpenRun, ScheduleState, ScheduleStore } from "../state/schedule-state.ts";
import { DueQueue } from "./due-queue.ts";
import type { SchedulerEvents } from "./events.ts";
import {
  advance,
  decideDue,
  firstState,
  isPlausible,
  type MisfireDecision,
  type Moment,
  recover,
  revise,
  setBack,
} from "./planning.ts";
import { nextDue, type Schedule, type ScheduledConnector } from "./schedule.ts";
import { ScheduleRepository } from "./schedule-repository.ts";

export interface Entry {
  schedule: Schedule;
  state: Readonly<ScheduleState>;
}

export interface TimetableOptions {
  store: ScheduleStore;
  events: Emitter<SchedulerEvents>;
  moment: () => Moment;
}

/**
 * The scheduled connectors and their next due times. Combines configuration, stored state and the queue of due times; every change
 * updates all three. Changes are durable after `save`.
 */
export class Timetable {
  readonly #schedules = new Map<string, Schedule>();
  readonly #queue = new DueQueue();
  readonly #repository: ScheduleRepository;
  readonly #moment: () => Moment;

  constructor({ store, events, moment }: TimetableOptions) {
    this.#repository = new ScheduleRepository(store, events, (state) => this.#place(state));
    this.#moment = moment;
  }

  /**
   * Loads the state of an earlier process. A run that it has left open is taken up, unless it is under way in another process: it was open before
   * that is asked, and still is afterwards.
   */
  async load(
    connectors: readonly ScheduledConnector[],
    underWay: () => Promise<ReadonlySet<string>>,
  ): Promise<void> {
    await this.#repository.load();
    const open = new Map(connectors.map(({ connectorId }) => [connectorId, this.#openRunOf(connectorId)]));
    const working = await underWay();
    for (const connector of connectors) {
      const { connectorId } = connector;
      const lost = working.has(connectorId) ? undefined : open.get(connectorId);
      this.#plan(connector, (schedule, stored, moment) =>
        (stored.openRun?.runId === lost ? recover : revise)(schedule, stored, moment),
      );
    }
    await this.save();
  }

  #openRunOf(connectorId: string): string | undefined {
    return this.#repository.get(connectorId)?.openRun?.runId;
  }

  /** What this process has just written by other means. */
  adopt(states: readonly ScheduleState[]): void {
    for (const state of states) this.#repository.adopt(state);
  }

  /** Reads the changes of other processes on the same store. */
  async refresh(): Promise<void> {
    for (const connectorId of await this.#repository.load()) this.#correct(connectorId);
  }

  /** The same in the background; a failure is emitted as an event. */
  refreshBehind(): void {
    this.refresh().catch((error: unknown) => this.emitFailure(error));
  }

  /** Emits the failure of background work at the store; the first of several consecutive ones. */
  emitFailure(error: unknown): void {
    this.#repository.emitFailure(error);
  }

  get(connectorId: string): Entry | undefined {
    const schedule = this.#schedules.get(connectorId);
    const state = this.#repository.get(connectorId);
    return schedule === undefined || state === undefined ? undefined : { schedule, state };
  }

  /** In the order in which they were added. */
  *entries(): Generator<Entry> {
    for (const connectorId of this.#schedules.keys()) {
      const entry = this.get(connectorId);
      if (entry !== undefined) yield entry;
    }
  }

  /** Adds or changes a connector; a known one keeps its state. */
  put(connector: ScheduledConnector): "added" | "changed" {
    const change = this.#schedules.has(connector.connectorId) ? "changed" : "added";
    this.#plan(connector, revise);
    return change;
  }

  /** Unschedules the connector; its state is kept. */
  remove(connectorId: string): void {
    this.#schedules.delete(connectorId);
    this.#queue.set(connectorId, null);
  }

  /** Deletes the connector's state. */
  forget(connectorId: string): Promise<void> {
    return this.#repository.forget(connectorId);
  }

  /** A later note replaces an earlier one; the pause stays of then. */
  pause(connectorId: string, pauseNote?: string): void {
    const { now } = this.#moment();
    const noted = pauseNote === undefined ? {} : { pauseNote };
    this.#change(connectorId, (state) => ({
      ...state,
      ...noted,
      pausedAt: state.pausedAt ?? now,
      dueAt: null,
    }));
  }

  resume(connectorId: string): void {
    const { now, random } = this.#moment();
    this.#changePlanned(connectorId, (schedule, { pauseNote: _, ...state }) =>
      state.pausedAt === null
        ? state
        : { ...state, pausedAt: null, dueAt: nextDue(schedule, state.anchorAt, now, random) },
    );
  }

  earliest(): number | null {
    return this.#queue.earliest();
  }

  /** The earliest due time that has not come yet. */
  earliestToCome(): number | null {
    return this.#queue.earliestAfter(this.#moment().now);
  }

  /** The due connectors, earliest first. */
  due(): Entry[] {
    return this.#queue.dueAt(this.#moment().now).flatMap((connectorId) => this.get(connectorId) ?? []);
  }

  /** Plans the next due time; `skipped` when this one led to no run. */
  advance(connectorId: string, outcome: "served" | "skipped"): void {
    const moment = this.#moment();
    this.#changeDue(connectorId, (schedule, state) =>
      withSkip(advance(schedule, state, moment), outcome === "skipped"),
    );
  }

  /** The next state of a connector whose due time has come, as it is stored; null for one that is not due by it, or not scheduled here. */
  planDue(stored: ScheduleState, isBusy: boolean): { decision: MisfireDecision; next: ScheduleState } | null {
    const moment = this.#moment();
    const schedule = this.#schedules.get(stored.connectorId);
    if (schedule === undefined || stored.dueAt === null || stored.dueAt > moment.now) return null;
    const decision = decideDue(schedule, stored, moment.now, isBusy);
    return { decision, next: withSkip(advance(schedule, stored, moment), decision.kind === "skip") };
  }

  /** Records a dispatched run. It stays open until it has ended or was withdrawn. */
  openRun(connectorId: string, openRun: OpenRun): void {
    this.#change(connectorId, (state) => ({ ...state, openRun }));
  }

  endRun(connectorId: string, lastRun: EndedRun): void {
    this.#change(connectorId, (state) => ({ ...state, openRun: openBut(state, lastRun.runId), lastRun }));
  }

  /** The dispatched run did not start. `other` was open before, perhaps that of another process. */
  giveUpRun(connectorId: string, runId: string, other: OpenRun | null): void {
    this.#change(connectorId, (state) => {
      const hasEnded = other === null || state.lastRun?.runId === other.runId;
      const openRun = openBut(state, runId) ?? (hasEnded ? null : other);
      return { ...state, openRun, skipped: state.skipped + 1 };
    });
  }

  /** The wall clock was set back by `byMs`. */
  setBack(byMs: number): void {
    const moment = this.#moment();
    for (const connectorId of this.#schedules.keys())
      this.#changeDue(connectorId, (schedule, state) => setBack(schedule, state, byMs, moment));
  }

  get hasUnsaved(): boolean {
    return this.#repository.hasUnsaved;
  }

  /** Resolves when every change so far is durable; rejects when it could not be written. */
  save(): Promise<void> {
    return this.#repository.save();
  }

  /** Writes in the background; a failure is emitted as an event. */
  saveBehind(): void {
    this.#repository.saveBehind();
  }

  #plan(connector: ScheduledConnector, planAgain: typeof revise): void {
    const moment = this.#moment();
    this.#schedules.set(connector.connectorId, connector.schedule);
    this.#repository.change(connector.connectorId, (stored) =>
      stored === null ? firstState(connector, moment) : planAgain(connector.schedule, stored, moment),
    );
    const planned = this.#repository.get(connector.connectorId);
    if (planned !== undefined) this.#place(planned);
  }

  /** Plans again a due time that the schedule cannot have: it was written with a wrong clock. */
  #correct(connectorId: string): void {
    const moment = this.#moment();
    const entry = this.get(connectorId);
    if (entry === undefined || isPlausible(entry.schedule, entry.state, moment.now)) return;
    this.#changeDue(connectorId, (schedule, state) => revise(schedule, state, moment));
  }

  /** Changes a stored state. One that another process has deleted meanwhile stays deleted. */
  #change(connectorId: string, change: (state: ScheduleState) => ScheduleState): void {
    if (this.#repository.get(connectorId) === undefined) return;
    this.#repository.change(connectorId, (stored) => (stored === null ? null : change(stored)));
  }

  #changePlanned(
    connectorId: string,
    change: (schedule: Schedule, state: ScheduleState) => ScheduleState,
  ): void {
    const schedule = this.#schedules.get(connectorId);
    if (schedule !== undefined) this.#change(connectorId, (state) => change(schedule, state));
  }

  /** Changes the due time known here. If another process has written a different one since, that one wins. */
  #changeDue(connectorId: string, change: (schedule: Schedule, state: ScheduleState) => ScheduleState): void {
    const known = this.#repository.get(connectorId)?.dueAt;
    this.#changePlanned(connectorId, (schedule, state) =>
      state.dueAt === known ? change(schedule, state) : state,
    );
  }

  #place({ connectorId, dueAt }: ScheduleState): void {
    if (this.#schedules.has(connectorId)) this.#queue.set(connectorId, dueAt);
  }
}

function withSkip(state: ScheduleState, isSkipped: boolean): ScheduleState {
  return isSkipped ? { ...state, skipped: state.skipped + 1 } : state;
}

function openBut({ openRun }: ScheduleState, runId: string): OpenRun | null {
  return openRun?.runId === runId ? null : openRun;
}
