import type { ScheduleChange, ScheduleState, ScheduleStore } from "../../src/state/schedule-state.ts";

/** Keeps schedules in memory, as durable as the object: hand it to a second scheduler to see a restart. Can be made to fail. */
export class MemoryScheduleStore implements ScheduleStore {
  readonly states = new Map<string, ScheduleState>();
  failure: Error | null = null;
  writes = 0;

  /** True: another scheduler works on it at the same time. */
  isShared = false;
  private version = 0;

  async schedulesVersion(): Promise<number> {
    if (this.isShared) this.version += 1;
    return this.version;
  }

  async listSchedules(): Promise<ScheduleState[]> {
    return structuredClone([...this.states.values()]);
  }

  async changeSchedules(changes: ReadonlyMap<string, ScheduleChange>): Promise<ScheduleState[]> {
    if (this.failure !== null) throw this.failure;
    this.writes += 1;
    return Array.from(changes).flatMap(([connectorId, change]) => {
      const changed = change(structuredClone(this.states.get(connectorId) ?? null));
      if (changed !== null) this.states.set(connectorId, structuredClone(changed));
      return changed ?? [];
    });
  }

  async removeSchedule(connectorId: string): Promise<void> {
    this.states.delete(connectorId);
  }
}
