import { toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ScheduleChange, ScheduleState, ScheduleStore } from "../state/schedule-state.ts";
import type { SchedulerEvents } from "./events.ts";

/**
 * The schedule states in memory, and their way to the store. What is written are changes, not states: each is applied once more to what
 * the store holds by then, so that nothing that another process has written is undone. They are written behind: a thousand connectors
 * that fall due together cost one write. A write that failed is repeated with the next.
 */
export class ScheduleBook {
  private readonly store: ScheduleStore;
  private readonly events: Emitter<SchedulerEvents>;
  /** As they are with every change, written or not. */
  private readonly states = new Map<string, ScheduleState>();
  private unsaved = new Map<string, ScheduleChange>();
  private readonly onDue: (state: ScheduleState) => void;
  private writing: Promise<void> = Promise.resolve();
  private failing = false;
  /** Of the store, when it was read here last; null before. Others read the store as well. */
  private loadedVersion: number | null = null;

  /** `onDue` hears of every due time that is new in memory, from here or from another process. */
  constructor(
    store: ScheduleStore,
    events: Emitter<SchedulerEvents>,
    onDue: (state: ScheduleState) => void = () => undefined,
  ) {
    this.store = store;
    this.events = events;
    this.onDue = onDue;
  }

  /**
   * Reads everything that is stored, where there is news: connectors that are not scheduled at present may come back, and others may have changed it. Resolves to
   * the connectors whose due time is another than was known.
   */
  async load(): Promise<string[]> {
    const moved: string[] = [];
    await this.inTurn(async () => {
      const version = await this.store.schedulesVersion();
      if (version === this.loadedVersion) return;
      for (const stored of await this.store.listSchedules()) {
        const { connectorId } = stored;
        const known = this.states.get(connectorId)?.dueAt;
        this.adopt(stored);
        if (this.states.get(connectorId)?.dueAt !== known) moved.push(connectorId);
      }
      this.loadedVersion = version;
    });
    return moved;
  }

  get(connectorId: string): ScheduleState | undefined {
    return this.states.get(connectorId);
  }

  /** The change must be pure, and right for whatever is stored when it is written. */
  change(connectorId: string, change: ScheduleChange): void {
    const before = this.unsaved.get(connectorId);
    this.unsaved.set(connectorId, before === undefined ? change : (stored) => change(before(stored)));
    this.keep(change(this.states.get(connectorId) ?? null));
  }

  /** For good: the pause and the last due time of the connector are gone. */
  async forget(connectorId: string): Promise<void> {
    this.states.delete(connectorId);
    this.unsaved.delete(connectorId);
    await this.inTurn(() => this.store.removeSchedule(connectorId));
  }

  get hasUnsaved(): boolean {
    return this.unsaved.size > 0;
  }

  /** Resolves when every change so far is durable; rejects when it could not be written. */
  save(): Promise<void> {
    return this.inTurn(() => this.write());
  }

  /** Writes without anybody waiting for it. The first of several failures in a row is told. */
  saveBehind(): void {
    this.save().then(
      () => {
        this.failing = false;
      },
      (error: unknown) => this.tell(error),
    );
  }

  /** Of something that nobody waits for. */
  tell(error: unknown): void {
    if (!this.failing) this.events.emit("schedule:store-failed", { error: toConnectorError(error) });
    this.failing = true;
  }

  /** Reads and writes one after the other: what is read is never older than what was written before. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.writing.then(work);
    this.writing = done.catch(() => undefined);
    return done;
  }

  private async write(): Promise<void> {
    const taken = this.unsaved;
    if (taken.size === 0) return;
    this.unsaved = new Map();
    try {
      for (const stored of await this.store.changeSchedules(taken)) this.adopt(stored);
    } catch (error) {
      for (const [connectorId, change] of taken) {
        const later = this.unsaved.get(connectorId);
        this.unsaved.set(connectorId, later === undefined ? change : (stored) => later(change(stored)));
      }
      throw error;
    }
  }

  private adopt(stored: ScheduleState): void {
    const later = this.unsaved.get(stored.connectorId);
    this.keep(later === undefined ? stored : later(stored));
  }

  private keep(state: ScheduleState | null): void {
    if (state === null) return;
    const known = this.states.get(state.connectorId);
    this.states.set(state.connectorId, state);
    if (known?.dueAt !== state.dueAt) this.onDue(state);
  }
}
