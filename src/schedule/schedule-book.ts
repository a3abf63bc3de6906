import { toConnectorError } from "../errors/connector-error.ts";
import type { ScheduleState, ScheduleStore } from "../state/schedule-state.ts";
import type { Emitter } from "../util/event-bus.ts";
import type { SchedulerEvents } from "./events.ts";

/**
 * The schedule states in memory, and their way to the store. Changes are written behind: a thousand connectors that fall due together
 * cost one write. A write that failed is repeated with the next.
 */
export class ScheduleBook {
  private readonly store: ScheduleStore;
  private readonly states = new Map<string, ScheduleState>();
  private readonly unsaved = new Set<string>();
  private readonly events: Emitter<SchedulerEvents>;
  private writing: Promise<void> = Promise.resolve();
  private failing = false;

  constructor(store: ScheduleStore, events: Emitter<SchedulerEvents>) {
    this.store = store;
    this.events = events;
  }

  /** Reads everything that is stored: connectors that are not scheduled at present may come back. */
  async load(): Promise<void> {
    for (const state of await this.store.listSchedules()) this.states.set(state.connectorId, state);
  }

  get(connectorId: string): ScheduleState | undefined {
    return this.states.get(connectorId);
  }

  set(state: ScheduleState): void {
    this.states.set(state.connectorId, state);
    this.unsaved.add(state.connectorId);
  }

  /** For good: the pause and the last due time of the connector are gone. */
  async forget(connectorId: string): Promise<void> {
    this.states.delete(connectorId);
    await this.writing;
    await this.store.removeSchedule(connectorId);
  }

  get hasUnsaved(): boolean {
    return this.unsaved.size > 0;
  }

  /** Resolves when everything set so far is durable; rejects when it could not be written. */
  save(): Promise<void> {
    const write = this.writing.then(() => this.write());
    this.writing = write.catch(() => undefined);
    return write;
  }

  /** Writes without anybody waiting for it. The first of several failures in a row is told. */
  saveBehind(): void {
    this.save().then(
      () => {
        this.failing = false;
      },
      (error: unknown) => {
        if (!this.failing) this.events.emit("schedule:store-failed", { error: toConnectorError(error) });
        this.failing = true;
      },
    );
  }

  private async write(): Promise<void> {
    const ids = [...this.unsaved];
    this.unsaved.clear();
    const states = ids.flatMap((id) => this.states.get(id) ?? []);
    if (states.length === 0) return;
    try {
      await this.store.saveSchedules(states);
    } catch (error) {
      for (const id of ids) this.unsaved.add(id);
      throw error;
    }
  }
}
