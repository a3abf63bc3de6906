import { randomBytes } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { jobSchemaOf } from "../../src/state/postgres/job-queue.ts";
import { openPostgresState } from "../../src/state/postgres/open-postgres-state.ts";
import type { SqlPool } from "../../src/state/postgres/sql-pool.ts";
import type { ScheduleState } from "../../src/state/schedule-state.ts";
import type { DuePlan, SharedRun, SharedRuns, TakenRun } from "../../src/state/shared-runs.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { eventually } from "../support/service.ts";

type Process = StateManager & { sharedRuns: SharedRuns };

/** Processes on one state of its own; each is closed at the end of the test. */
function openProcesses(openPool: () => Promise<SqlPool>) {
  const schema = `test_${randomBytes(6).toString("hex")}`;
  const open = async (): Promise<Process> => {
    const state = await openPostgresState({
      pool: await openPool(),
      schema,
      location: schema,
      clock: systemClock,
    });
    onTestFinished(() => state.close());
    await state.sharedRuns?.join();
    return state as Process;
  };
  return Object.assign(open, { schema });
}

/** As if nothing had been heard of any run for longer than a process may be silent. */
async function beSilent(schema: string, openPool: () => Promise<SqlPool>, more = ""): Promise<void> {
  const pool = await openPool();
  const connection = await pool.connect();
  await connection.script(
    `UPDATE ${jobSchemaOf(schema)}.job SET heartbeat_on = heartbeat_on - interval '11 seconds'${more} WHERE state = 'active'`,
  );
  connection.release();
  await pool.end();
}

function runOf(connectorId: string, runId = `run of ${connectorId}`): SharedRun {
  return { runId, connectorId, trigger: "schedule", wish: { ids: ["\0", "é\ud83d\ude00"] }, at: 1_000 };
}

function dueState(connectorId: string): ScheduleState {
  const nothing = { lastDueAt: null, pausedAt: null, openRun: null, lastRun: null };
  return { connectorId, schedule: "every 1 s", anchorAt: 0, dueAt: 1, skipped: 0, ...nothing };
}

/** Serves a due time as a scheduler does: once, and with no run where the connector is busy. */
const serve = (stored: ScheduleState, isBusy: boolean): DuePlan | null => {
  if (stored.dueAt === null) return null;
  const state = { ...stored, dueAt: null, skipped: stored.skipped + (isBusy ? 1 : 0) };
  return { state, run: isBusy ? null : runOf(stored.connectorId) };
};

async function schedule(state: StateManager, connectorIds: readonly string[]): Promise<void> {
  await state.changeSchedules(new Map(connectorIds.map((id) => [id, () => dueState(id)])));
}

const named = (count: number) => Array.from({ length: count }, (_, n) => `connector ${n}`);

async function takeAll({ sharedRuns }: Process): Promise<TakenRun[]> {
  const all: TakenRun[] = [];
  for (;;) {
    const some = await sharedRuns.take(40);
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Until nothing is left to be planned; what another process plans at this moment is none of this one's. */
async function serveAll({ sharedRuns }: Process, ids: readonly string[]): Promise<string[]> {
  const served: string[] = [];
  for (let empty = 0; empty < 3; ) {
    const plans = await sharedRuns.handOut(ids, serve);
    empty = plans.length === 0 ? empty + 1 : 0;
    served.push(...plans.flatMap(({ run }) => run?.connectorId ?? []));
  }
  return served;
}

const connectorsOf = (runs: readonly SharedRun[]) => runs.map(({ connectorId }) => connectorId).toSorted();

/** The work that processes share, over any PostgreSQL. What pg-boss is relied on for is in here. */
export function sharedRunsSuite(openPool: () => Promise<SqlPool>): void {
  describe("work that processes share", () => {
    test("a due time becomes one run, whichever processes serve it at once, and a run is taken once", async () => {
      const open = openProcesses(openPool);
      const all = [await open(), await open(), await open()] as const;
      const ids = named(120);
      await schedule(all[0], ids);
      const served = await Promise.all(all.map((each) => serveAll(each, ids)));
      expect(served.flat().toSorted()).toEqual(ids.toSorted());
      expect((await all[0].listSchedules()).every(({ dueAt }) => dueAt === null)).toBe(true);
      expect(await all[0].sharedRuns.counts()).toEqual({ queued: 120, active: 0, leased: 0 });
      const taken = (await Promise.all(all.map(takeAll))).flat();
      expect(connectorsOf(taken)).toEqual(ids.toSorted());
      expect(taken[0]).toMatchObject({ ...runOf(taken[0]?.connectorId ?? ""), wasTaken: false });
      expect(await all[1].sharedRuns.counts()).toEqual({ queued: 0, active: 120, leased: 0 });
    });

    test("processes that start at once on a new database all take part", async () => {
      const open = openProcesses(openPool);
      const all = await Promise.all(Array.from({ length: 6 }, open));
      await all[0]?.sharedRuns.add(runOf("a"));
      expect(connectorsOf((await all[5]?.sharedRuns.list()) ?? [])).toEqual(["a"]);
    });

    test("a connector has one run at a time, queued or taken, until that has ended", async () => {
      const open = openProcesses(openPool);
      const [one, other] = [await open(), await open()];
      await schedule(one, ["a"]);
      const add = () => other.sharedRuns.add(runOf("a", "second"));
      expect((await one.sharedRuns.handOut(["a"], serve))[0]?.run?.runId).toBe("run of a");
      expect(await add()).toBe(false);
      const [taken] = await other.sharedRuns.take(5);
      expect([taken?.runId, await add()]).toEqual(["run of a", false]);
      await schedule(one, ["a"]);
      expect(await one.sharedRuns.handOut(["a"], serve)).toMatchObject([
        { state: { skipped: 1 }, run: null },
      ]);
      await other.sharedRuns.end(taken as TakenRun);
      expect([await add(), connectorsOf(await one.sharedRuns.list())]).toEqual([true, ["a"]]);
    });

    test("a due time and its run are durable together: what fails leaves neither", async () => {
      const one = await openProcesses(openPool)();
      await schedule(one, ["a", "b"]);
      const failing = one.sharedRuns.handOut(["a", "b"], (stored, isBusy) => {
        const plan = serve(stored, isBusy);
        // It cannot be written as JSON.
        return plan && stored.connectorId === "b"
          ? { ...plan, state: { ...plan.state, skipped: 1n as never } }
          : plan;
      });
      await expect(failing).rejects.toThrow();
      expect(await one.sharedRuns.counts()).toEqual({ queued: 0, active: 0, leased: 0 });
      expect((await one.listSchedules()).map(({ dueAt }) => dueAt)).toEqual([1, 1]);
    });

    test("many schedules are changed with as many messages as one", async () => {
      let messages = 0;
      const counting = async (): Promise<SqlPool> => {
        const pool = await openPool();
        const connect = async () => {
          const connection = await pool.connect();
          const query: typeof connection.query = (...given) => {
            messages += 1;
            return connection.query(...given);
          };
          return { ...connection, query };
        };
        return { ...pool, connect };
      };
      const one = await openProcesses(counting)();
      const messagesOf = async (ids: readonly string[]) => {
        messages = 0;
        await schedule(one, ids);
        return messages;
      };
      expect(await messagesOf(named(90))).toBe(await messagesOf(["another"]));
      expect(await messagesOf(named(90))).toBe(await messagesOf(["another"]));
    });

    test("a queued run is withdrawn if it is wanted, and one that was taken is not", async () => {
      const one = await openProcesses(openPool)();
      const { sharedRuns: shared } = one;
      const id = `\0${"é".repeat(2_000)}`;
      await shared.add(runOf(id));
      expect(await shared.withdraw(id, () => false)).toBeNull();
      expect(await shared.withdraw("another", () => true)).toBeNull();
      expect(await shared.withdraw(id, ({ trigger }) => trigger === "schedule")).toEqual(runOf(id));
      await shared.add(runOf(id));
      await shared.take(1);
      expect(await shared.withdraw(id, () => true)).toBeNull();
    });

    test("a run that was given back is queued again, and its connector stays busy meanwhile", async () => {
      const open = openProcesses(openPool);
      const [one, other] = [await open(), await open()];
      await one.sharedRuns.add(runOf("a"));
      for (let times = 0; times < 8; times += 1) {
        const [taken] = await one.sharedRuns.take(1);
        expect(taken).toMatchObject({ ...runOf("a"), wasTaken: times > 0 });
        await one.sharedRuns.giveBack(taken as TakenRun, true);
        expect(await other.sharedRuns.add(runOf("a", "second"))).toBe(false);
      }
    });

    test("a run that was given back before it has begun is as it was, and is not taken by whoever leaves its connector to others", async () => {
      const open = openProcesses(openPool);
      const [one, other] = [await open(), await open()];
      for (const id of ["\0", "b"]) await one.sharedRuns.add(runOf(id));
      const [taken] = await one.sharedRuns.take(1);
      await one.sharedRuns.giveBack(taken as TakenRun, false);
      expect(connectorsOf(await one.sharedRuns.take(5, ["\0", "another"]))).toEqual(["b"]);
      const left = await other.sharedRuns.take(5);
      expect(left).toMatchObject([{ ...runOf("\0"), wasTaken: false }]);
      await other.sharedRuns.giveBack(left[0] as TakenRun, true);
      const [begun] = await one.sharedRuns.take(1);
      await one.sharedRuns.giveBack(begun as TakenRun, false);
      expect(await one.sharedRuns.take(1)).toMatchObject([{ wasTaken: true }]);
    });

    test("the run of a process of which nothing is heard is another's, and what the sleeper says of it when it wakes changes nothing", async () => {
      const open = openProcesses(openPool);
      const [asleep, other, woken] = [await open(), await open(), await open()];
      await asleep.sharedRuns.add(runOf("a"));
      const [lost] = await asleep.sharedRuns.take(1);
      await asleep.close();
      await beSilent(open.schema, openPool);
      const inherited = await eventually(async () => (await other.sharedRuns.take(1))[0]);
      expect(inherited).toMatchObject({ ...runOf("a"), wasTaken: true });
      await woken.sharedRuns.end(lost as TakenRun);
      await woken.sharedRuns.giveBack(lost as TakenRun, true);
      expect(await other.sharedRuns.counts()).toEqual({ queued: 0, active: 1, leased: 0 });
      await other.sharedRuns.end(inherited);
      expect(await other.sharedRuns.counts()).toEqual({ queued: 0, active: 0, leased: 0 });
    });

    test("a run that has died with six processes is given up, and its connector is free", async () => {
      const open = openProcesses(openPool);
      const [last, other] = [await open(), await open()];
      await last.sharedRuns.add(runOf("a"));
      await last.sharedRuns.take(1);
      await last.close();
      await beSilent(open.schema, openPool, ", retry_count = 5");
      await eventually(async () => (await other.sharedRuns.counts()).active === 0);
      expect(await other.sharedRuns.counts()).toEqual({ queued: 0, active: 0, leased: 0 });
      expect(await other.sharedRuns.add(runOf("a"))).toBe(true);
    });
  });
}
