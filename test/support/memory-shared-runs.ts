import type { PlanDue, SharedRun, SharedRuns, TakenRun } from "../../src/state/shared-runs.ts";
import type { MemoryScheduleStore } from "./memory-schedule-store.ts";

/** The work that schedulers on one `MemoryScheduleStore` share, in memory. */
export class MemorySharedRuns implements SharedRuns {
  readonly #store: MemoryScheduleStore;
  #queued: TakenRun[] = [];
  readonly #active = new Map<string, TakenRun>();
  /** Thrown by every call. */
  failure: Error | null = null;

  constructor(store: MemoryScheduleStore) {
    this.#store = store;
  }

  async join(): Promise<void> {}

  async handOut(connectorIds: readonly string[], plan: PlanDue) {
    this.#mayFail();
    return connectorIds.flatMap((connectorId) => {
      const stored = this.#store.states.get(connectorId);
      const planned = stored === undefined ? null : plan(structuredClone(stored), this.#isBusy(connectorId));
      if (planned === null) return [];
      this.#store.states.set(connectorId, structuredClone(planned.state));
      if (planned.run !== null) this.#queue(planned.run, false);
      return [planned];
    });
  }

  async add(run: SharedRun) {
    this.#mayFail();
    if (this.#isBusy(run.connectorId)) return false;
    this.#queue(run, false);
    return true;
  }

  async withdraw(connectorId: string, wanted: (run: SharedRun) => boolean) {
    const run = this.#queued.find((each) => each.connectorId === connectorId && wanted(each)) ?? null;
    this.#queued = this.#queued.filter((each) => each !== run);
    return run;
  }

  async list() {
    return [...this.#queued, ...this.#active.values()];
  }

  async take(limit: number, except: readonly string[] = []) {
    this.#mayFail();
    const taken = this.#queued.filter(({ connectorId }) => !except.includes(connectorId)).slice(0, limit);
    this.#queued = this.#queued.filter((run) => !taken.includes(run));
    for (const run of taken) this.#active.set(run.claim.id, run);
    return taken;
  }

  async end({ claim }: TakenRun) {
    this.#mayFail();
    if (this.#active.get(claim.id)?.claim === claim) this.#active.delete(claim.id);
  }

  async giveBack(run: TakenRun, hasBegun: boolean) {
    await this.end(run);
    this.#queue(run, hasBegun || run.wasTaken);
  }

  async counts() {
    return { queued: this.#queued.length, active: this.#active.size, leased: this.#active.size };
  }

  /** Nothing is heard any more of whoever has taken these. */
  loseActive(): void {
    for (const { claim, ...run } of this.#active.values()) {
      this.#active.delete(claim.id);
      this.#queue(run, true, claim);
    }
  }

  #isBusy(connectorId: string): boolean {
    return [...this.#queued, ...this.#active.values()].some((run) => run.connectorId === connectorId);
  }

  #queue(run: SharedRun, wasTaken: boolean, { id, retryCount } = { id: run.runId, retryCount: -1 }): void {
    this.#queued.push({ ...run, wasTaken, claim: { id, retryCount: retryCount + 1 } });
  }

  #mayFail(): void {
    if (this.failure !== null) throw this.failure;
  }
}
