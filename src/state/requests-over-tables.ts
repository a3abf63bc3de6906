import type { RunWish } from "../domain/run-wish.ts";
import type { ScheduleRequest, ScheduleRequestStore } from "./schedule-request.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

const collection = "schedule-request";

/** Requests between processes, in the table of the small collections. */
export function requestsOverTables({ table, read, change }: TableAccess<RecordTable>): ScheduleRequestStore {
  const list = () => table.list(collection) as ScheduleRequest[];
  const find = (id: string) => (table.get(collection, id) ?? null) as ScheduleRequest | null;
  const save = (request: ScheduleRequest) => table.save(collection, request.id, request);
  return {
    add: (request) => change(() => save(request)),
    take: async (now, runId) => {
      const isPending = (request: ScheduleRequest) => request.takenAt === null && request.runId === runId;
      const isOpen = (request: ScheduleRequest) => isPending(request) || request.expiresAt <= now;
      // Polled several times a second, nearly always in vain: polling must not write.
      if (!(await read(list)).some(isOpen)) return [];
      return change(() => {
        for (const { id } of list().filter(({ expiresAt }) => expiresAt <= now)) table.remove(collection, id);
        const taken = list()
          .filter(isPending)
          .map((request) => ({ ...request, wish: wishOf(request), takenAt: now }));
        for (const request of taken) save(request);
        return taken.toSorted((a, b) => a.askedAt - b.askedAt);
      });
    },
    answer: (id, answer) =>
      change(() => {
        const request = find(id);
        if (request !== null) save({ ...request, answer });
      }),
    get: (id) => read(() => find(id)),
    withdraw: (id) =>
      change(() => {
        const request = find(id);
        table.remove(collection, id);
        return request;
      }),
  };
}

/** Earlier versions asked for nothing but `force`, beside the request's other fields. */
function wishOf({ wish, force }: ScheduleRequest & { force?: boolean }): RunWish {
  return wish ?? (force === true ? { force } : {});
}
