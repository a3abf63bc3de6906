import type { Clock } from "../../kernel/util/clock.ts";
import { requireWellFormed } from "../row-rules.ts";
import type { ScheduleState, ScheduleStore } from "../schedule-state.ts";
import type { DuePlan, PlanDue, SharedRun, SharedRuns } from "../shared-runs.ts";
import type { JobQueue } from "./job-queue.ts";
import type { Leases } from "./leases.ts";
import type { PostgresAccess } from "./postgres-access.ts";
import type { SmallTables } from "./small-tables.ts";
import type { SqlClient } from "./sql-pool.ts";

/** So many due times are planned at a time, so that several processes share those that come together. */
const step = 250;

interface SharedRunsParts {
  access: PostgresAccess;
  queue: JobQueue;
  schedules: SmallTables["schedules"];
  leases: Leases;
  clock: Pick<Clock, "now">;
}

/** Due times are rows of the state, the work is jobs of the queue; what changes both does it in one transaction. */
export function postgresSharedRuns({ access, queue, schedules, leases, clock }: SharedRunsParts): SharedRuns {
  const { read, change } = access;
  return {
    join: () => access.outside(() => queue.open()),
    handOut: (connectorIds, plan) =>
      change(async (client) => {
        const due = await schedules.lockDue(client, connectorIds, clock.now(), step);
        const plans = await planned(client, due, plan);
        await schedules.saveAll(
          client,
          plans.map(({ state }) => state),
        );
        return plans;
      }),
    add: async (run) => (await change((client) => queue.insert(client, [run]))).length > 0,
    withdraw: (connectorId, wanted) => change((client) => queue.withdraw(client, connectorId, wanted)),
    list: () => read((client) => queue.runs(client)),
    take: async (limit, except = []) => {
      const taken = await change((client) => queue.fetch(client, limit, except));
      for (const run of taken) queue.hold(run);
      return taken;
    },
    end: async (run) => {
      await change((client) => queue.complete(client, run));
      queue.letGo(run);
    },
    giveBack: async (run, hasBegun) => {
      await change((client) => queue.giveBack(client, run, hasBegun));
      queue.letGo(run);
    },
    counts: () =>
      read(async (client) => ({ ...(await queue.counts(client)), leased: await leases.count(client) })),
  };

  /** Runs are queued all at once; whether a connector has one already is known only then, and its due time is planned again. */
  async function planned(client: SqlClient, due: readonly ScheduleState[], plan: PlanDue) {
    const plans = due.flatMap((stored) => inPairs(stored, plan(stored, false)));
    const runs = plans.flatMap(([, { run }]) => run ?? []);
    const queued = new Set<SharedRun>(await queue.insert(client, runs));
    return plans.flatMap(([stored, first]) =>
      first.run === null || queued.has(first.run) ? first : (plan(stored, true) ?? []),
    );
  }
}

/** As the port says of `changeSchedules`, with as many statements for a thousand connectors as for one. */
export function changeSchedulesIn(
  { change }: PostgresAccess,
  schedules: SmallTables["schedules"],
): ScheduleStore["changeSchedules"] {
  return async (changes) => {
    requireWellFormed(...changes.keys());
    const attempt = (mode: "shared" | "alone") =>
      change(async (client) => {
        const locked = await schedules.lockAll(client, [...changes.keys()]);
        // A row that is not there cannot be locked: whoever makes one is alone.
        if (mode === "shared" && locked.length < changes.size) return null;
        const stored = new Map(locked.map((state) => [state.connectorId, state]));
        const changed = Array.from(changes).flatMap(
          ([id, changeOf]) => changeOf(stored.get(id) ?? null) ?? [],
        );
        await schedules.saveAll(client, changed);
        return changed;
      }, mode);
    return (await attempt("shared")) ?? (await attempt("alone")) ?? [];
  };
}

const inPairs = (stored: ScheduleState, plan: DuePlan | null): [ScheduleState, DuePlan][] =>
  plan === null ? [] : [[stored, plan]];
