import type { ScheduleState, ScheduleStore } from "../../src/state/schedule-state.ts";

/** Keeps schedules in memory, as durable as the object: hand it to a second scheduler to see a restart. Can be made to fail. */
export class MemoryScheduleStore implements ScheduleStore {
  readonly states = new Map<string, ScheduleState>();
  failure: Error | null = null;
  writes = 0;

  async listSchedules(): Promise<ScheduleState[]> {
    return structuredClone([...this.states.values()]);
  }

  async saveSchedules(states: readonly ScheduleState[]): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.writes += 1;
    for (const state of states) this.states.set(state.connectorId, structuredClone(state));
  }

  async removeSchedule(connectorId: string): Promise<void> {
    this.states.delete(connectorId);
  }
}
