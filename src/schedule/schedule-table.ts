import type { EndedRun, OpenRun, ScheduleState, ScheduleStore } from "../state/schedule-state.ts";
import type { Emitter } from "../util/event-bus.ts";
import { DueQueue } from "./due-queue.ts";
import type { SchedulerEvents } from "./events.ts";
import { advance, firstState, type Moment, recover, revise, setBack } from "./planning.ts";
import type { Schedule, ScheduledConnector } from "./schedule.ts";
import { ScheduleBook } from "./schedule-book.ts";
import { nextDue, upcomingSlots } from "./trigger.ts";

export interface Entry {
  schedule: Schedule;
  state: Readonly<ScheduleState>;
}

export interface TableOptions {
  store: ScheduleStore;
  events: Emitter<SchedulerEvents>;
  moment: () => Moment;
}

/**
 * The connectors that are scheduled, and when each is due next. Joins what is configured, what is remembered and the order of due
 * times; every change goes through `keep`, so that the three never differ. Changes are durable after `save`.
 */
export class ScheduleTable {
  private readonly schedules = new Map<string, Schedule>();
  private readonly queue = new DueQueue();
  private readonly book: ScheduleBook;
  private readonly moment: () => Moment;

  constructor({ store, events, moment }: TableOptions) {
    this.book = new ScheduleBook(store, events);
    this.moment = moment;
  }

  /** Takes up what an earlier process left. */
  async load(connectors: Iterable<ScheduledConnector>): Promise<void> {
    await this.book.load();
    for (const connector of connectors) this.plan(connector, recover);
    await this.save();
  }

  get(connectorId: string): Entry | undefined {
    const schedule = this.schedules.get(connectorId);
    const state = this.book.get(connectorId);
    return schedule === undefined || state === undefined ? undefined : { schedule, state };
  }

  /** In the order in which they were added. */
  *entries(): Generator<Entry> {
    for (const connectorId of this.schedules.keys()) {
      const entry = this.get(connectorId);
      if (entry !== undefined) yield entry;
    }
  }

  /** Adds or changes a connector; one that was here before goes on where it stood. */
  put(connector: ScheduledConnector): "added" | "changed" {
    const change = this.schedules.has(connector.connectorId) ? "changed" : "added";
    this.plan(connector, revise);
    return change;
  }

  /** The connector is not due any more; what is remembered of it stays. */
  remove(connectorId: string): void {
    this.schedules.delete(connectorId);
    this.queue.set(connectorId, null);
  }

  /** Nothing is remembered of the connector any more. */
  forget(connectorId: string): Promise<void> {
    return this.book.forget(connectorId);
  }

  pause(connectorId: string): void {
    this.change(connectorId, () => ({ pausedAt: this.moment().now, dueAt: null }));
  }

  resume(connectorId: string): void {
    const entry = this.get(connectorId);
    if (entry === undefined) return;
    const { now, random } = this.moment();
    const dueAt = nextDue(entry.schedule, entry.state.anchorAt, now, random);
    this.keep({ ...entry.state, pausedAt: null, dueAt });
  }

  earliest(): number | null {
    return this.queue.earliest();
  }

  /** What is due now, earliest first. */
  due(): Entry[] {
    return this.queue.dueAt(this.moment().now).flatMap((connectorId) => this.get(connectorId) ?? []);
  }

  /** On to the next due time; `skipped` when no run came of this one. */
  advance(connectorId: string, outcome: "served" | "skipped"): void {
    const entry = this.get(connectorId);
    if (entry === undefined) return;
    const next = advance(entry.schedule, entry.state, this.moment());
    this.keep(outcome === "skipped" ? { ...next, skipped: next.skipped + 1 } : next);
  }

  /** A run was handed out. It stays open until it has ended or was given up. */
  openRun(connectorId: string, openRun: OpenRun): void {
    this.change(connectorId, () => ({ openRun }));
  }

  endRun(connectorId: string, lastRun: EndedRun): void {
    this.change(connectorId, () => ({ openRun: null, lastRun }));
  }

  /** The run that was handed out for a due time did not come about. */
  giveUpRun(connectorId: string): void {
    this.change(connectorId, ({ skipped }) => ({ openRun: null, skipped: skipped + 1 }));
  }

  /** Somebody set the wall clock back by so many milliseconds. */
  setBack(byMs: number): void {
    for (const { schedule, state } of this.entries()) {
      this.keep(setBack(schedule, state, byMs, this.moment()));
    }
  }

  /** The next `count` due times; only the first shows its jitter. Empty while paused. */
  upcoming({ schedule, state }: Entry, count: number): number[] {
    if (state.dueAt === null || count < 1) return [];
    const later = upcomingSlots(schedule, state.anchorAt, state.dueAt, count - 1);
    return [state.dueAt, ...later];
  }

  get hasUnsaved(): boolean {
    return this.book.hasUnsaved;
  }

  /** Resolves when every change so far is durable; rejects when it could not be written. */
  save(): Promise<void> {
    return this.book.save();
  }

  /** Writes without anybody waiting for it; a failure is told as an event. */
  saveBehind(): void {
    this.book.saveBehind();
  }

  private plan(connector: ScheduledConnector, planAgain: typeof revise): void {
    const { connectorId, schedule } = connector;
    const known = this.book.get(connectorId);
    const moment = this.moment();
    this.schedules.set(connectorId, schedule);
    this.keep(known === undefined ? firstState(connector, moment) : planAgain(schedule, known, moment));
  }

  private change(connectorId: string, change: (state: ScheduleState) => Partial<ScheduleState>): void {
    const state = this.book.get(connectorId);
    if (state !== undefined) this.keep({ ...state, ...change(state) });
  }

  private keep(state: ScheduleState): void {
    this.book.set(state);
    if (this.schedules.has(state.connectorId)) this.queue.set(state.connectorId, state.dueAt);
  }
}
