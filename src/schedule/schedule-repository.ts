import { toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ScheduleChange, ScheduleState, ScheduleStore } from "../state/schedule-state.ts";
import type { SchedulerEvents } from "./events.ts";

/**
 * The schedule states in memory, written behind to the store. Changes are written, not states: each is applied again to the stored
 * state, so that no write of another process is undone. A thousand connectors that fall due together cost one write. A failed write
 * is repeated with the next.
 */
export class ScheduleRepository {
  readonly #store: ScheduleStore;
  readonly #events: Emitter<SchedulerEvents>;
  /** States with all changes applied, written or not. */
  readonly #states = new Map<string, ScheduleState>();
  #unsaved = new Map<string, ScheduleChange>();
  readonly #onDue: (state: ScheduleState) => void;
  #writing: Promise<void> = Promise.resolve();
  #failing = false;
  /** Version of the store at the last read; null before the first. */
  #loadedVersion: number | null = null;

  /** `onDue` is called for every new due time in memory, from here or from another process. */
  constructor(
    store: ScheduleStore,
    events: Emitter<SchedulerEvents>,
    onDue: (state: ScheduleState) => void = () => undefined,
  ) {
    this.#store = store;
    this.#events = events;
    this.#onDue = onDue;
  }

  /**
   * Reads the stored states if they changed, those of connectors that are not scheduled included. Resolves to the connectors whose
   * due time has changed.
   */
  async load(): Promise<string[]> {
    const moved: string[] = [];
    await this.#inTurn(async () => {
      const version = await this.#store.schedulesVersion();
      if (version === this.#loadedVersion) return;
      for (const stored of await this.#store.listSchedules()) {
        const { connectorId } = stored;
        const known = this.#states.get(connectorId)?.dueAt;
        this.adopt(stored);
        if (this.#states.get(connectorId)?.dueAt !== known) moved.push(connectorId);
      }
      this.#loadedVersion = version;
    });
    return moved;
  }

  get(connectorId: string): ScheduleState | undefined {
    return this.#states.get(connectorId);
  }

  /** The change must be pure, and valid for any state stored when it is written. */
  change(connectorId: string, change: ScheduleChange): void {
    const before = this.#unsaved.get(connectorId);
    this.#unsaved.set(connectorId, before === undefined ? change : (stored) => change(before(stored)));
    this.#keep(change(this.#states.get(connectorId) ?? null));
  }

  /** Deletes the connector's state, its pause and last due time included. */
  async forget(connectorId: string): Promise<void> {
    this.#states.delete(connectorId);
    this.#unsaved.delete(connectorId);
    await this.#inTurn(() => this.#store.removeSchedule(connectorId));
  }

  get hasUnsaved(): boolean {
    return this.#unsaved.size > 0;
  }

  /** Resolves when every change so far is durable; rejects when it could not be written. */
  save(): Promise<void> {
    return this.#inTurn(() => this.#write());
  }

  /** Writes in the background. The first of several consecutive failures is emitted as an event. */
  saveBehind(): void {
    this.save().then(
      () => {
        this.#failing = false;
      },
      (error: unknown) => this.emitFailure(error),
    );
  }

  /** Emits the failure of background work. */
  emitFailure(error: unknown): void {
    if (!this.#failing) this.#events.emit("schedule:store-failed", { error: toConnectorError(error) });
    this.#failing = true;
  }

  /** Serialises reads and writes: a read is never older than a previous write. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  async #write(): Promise<void> {
    const taken = this.#unsaved;
    if (taken.size === 0) return;
    this.#unsaved = new Map();
    try {
      for (const stored of await this.#store.changeSchedules(taken)) this.adopt(stored);
    } catch (error) {
      for (const [connectorId, change] of taken) {
        const later = this.#unsaved.get(connectorId);
        this.#unsaved.set(connectorId, later === undefined ? change : (stored) => later(change(stored)));
      }
      throw error;
    }
  }

  /** A state as it is stored now; changes that are not written yet stay on top of it. */
  adopt(stored: ScheduleState): void {
    const later = this.#unsaved.get(stored.connectorId);
    this.#keep(later === undefined ? stored : later(stored));
  }

  #keep(state: ScheduleState | null): void {
    if (state === null) return;
    const known = this.#states.get(state.connectorId);
    this.#states.set(state.connectorId, state);
    if (known?.dueAt !== state.dueAt) this.#onDue(state);
  }
}
