import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryScheduleStore } from "../../test/support/memory-schedule-store.ts";
import {
  hourlyConnector,
  intervalOf,
  startedScheduler,
  type TestScheduler,
} from "../../test/support/scheduled-runs.ts";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { ScheduleState } from "../state/schedule-state.ts";

const hour = 3_600_000;
const beat = 5000;
const ids = ["a", "b"];

/** Two schedulers on one store, in step with one clock. A connector runs in one of them at a time, as its lock has it. */
async function pair() {
  const store = new MemoryScheduleStore();
  store.isShared = true;
  const clock = new SteppedClock(Date.UTC(2026, 0, 1, 12));
  const connectors = ids.map((id) => hourlyConnector(id));
  const first = await startedScheduler({ store, clock, connectors, hold: true });
  const second = await startedScheduler({ store, clock, connectors, hold: true });
  return { store, clock, both: [first, second] as const };
}

const stored = (store: MemoryScheduleStore, id: string) => store.states.get(id);

test("what one has paused, the other neither runs nor resumes by what it writes next", async () => {
  const { store, clock, both } = await pair();
  const [a, b] = both;
  await a.scheduler.pause("a");
  expect(stored(store, "a")?.pausedAt).not.toBeNull();
  for (const one of both) for (const id of ids) one.runs.end(id);
  await clock.advance(2 * hour);
  expect(stored(store, "a")).toMatchObject({ pausedAt: Date.UTC(2026, 0, 1, 12), dueAt: null });
  expect(b.scheduler.status("a").state.pausedAt).not.toBeNull();
  expect(b.runs.started.filter((line) => line.includes(" a "))).toHaveLength(1);
  await b.scheduler.resume("a");
  await clock.advance(beat);
  expect(a.scheduler.status("a").state).toMatchObject({ pausedAt: null, dueAt: stored(store, "a")?.dueAt });
});

test("a run that another one has under way stays known, though this one was told that the connector is taken", async () => {
  const { store, clock, both } = await pair();
  const [a, b] = both;
  for (const one of both) for (const id of ids) one.runs.end(id);
  await clock.advance(beat);
  b.runs.refusal = new ConnectorError("CONNECTOR_LOCKED", "a is locked by process 7");
  const runId = a.scheduler.trigger("a");
  await clock.advance(hour);
  expect(stored(store, "a")?.openRun?.runId).toBe(runId);
  a.runs.end("a");
  await clock.advance(beat);
  expect(stored(store, "a")).toMatchObject({ openRun: null, lastRun: { runId } });
});

test("a due time that was written by a process whose clock was years ahead is not waited for", async () => {
  const { store, clock, both } = await pair();
  for (const one of both) for (const id of ids) one.runs.end(id);
  await clock.advance(beat);
  const state = stored(store, "a");
  if (state === undefined) throw new Error("no state");
  store.states.set("a", { ...state, dueAt: clock.now() + 2 * 365 * 24 * hour });
  await clock.advance(2 * beat);
  for (const one of both) {
    const { dueAt } = one.scheduler.status("a").state;
    expect(dueAt).toBeLessThanOrEqual(clock.now() + hour);
  }
});

test("a schedule that was left by a process whose clock was years ahead begins again at once", async () => {
  const store = new MemoryScheduleStore();
  const ahead = await startedScheduler({ store, clock: new SteppedClock(Date.UTC(2028, 0, 1)) });
  await ahead.scheduler.stop();
  const clock = new SteppedClock(Date.UTC(2026, 0, 1, 12));
  const { runs } = await startedScheduler({
    store,
    clock,
    connectors: [hourlyConnector("a", intervalOf(hour, 60_000))],
  });
  await clock.advance(hour + 60_000);
  expect(runs.started.length).toBeGreaterThan(0);
});

const step = fc.record({
  who: fc.constantFrom(0, 1),
  do: fc.constantFrom("pause", "resume", "trigger", "end", "wait", "wait long"),
  id: fc.constantFrom(...ids),
});
type Step = { who: number; do: string; id: string };

async function play(who: TestScheduler, { do: action, id }: Step, clock: SteppedClock): Promise<void> {
  const { scheduler, runs } = who;
  if (action === "pause") await scheduler.pause(id);
  else if (action === "resume") await scheduler.resume(id);
  else if (action === "trigger" && scheduler.status(id).activeRun === null) scheduler.trigger(id);
  else if (action === "end") runs.end(id);
  else if (action === "wait") await clock.advance(1000);
  else if (action === "wait long") await clock.advance(hour);
}

async function settle(both: readonly TestScheduler[], clock: SteppedClock): Promise<void> {
  for (const one of both) for (const id of ids) one.runs.end(id);
  await clock.advance(3 * beat);
}

function expectAgreed(both: readonly TestScheduler[], kept: ScheduleState | undefined, isPaused: boolean) {
  expect([kept?.pausedAt !== null, kept?.dueAt === null]).toEqual([isPaused, isPaused]);
  for (const { scheduler } of both) expect(scheduler.status(kept?.connectorId ?? "").state).toEqual(kept);
}

test("whoever does what in whichever order, both and the store agree in the end, and the last word about a pause holds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps: Step[]) => {
      const { store, clock, both } = await pair();
      const paused = new Map<string, boolean>();
      for (const each of steps) {
        await play(both[each.who === 0 ? 0 : 1], each, clock);
        if (each.do === "pause" || each.do === "resume") paused.set(each.id, each.do === "pause");
      }
      await settle(both, clock);
      for (const id of ids) expectAgreed(both, stored(store, id), paused.get(id) ?? false);
      await Promise.all(both.map(({ scheduler }) => scheduler.stop()));
    }),
    { numRuns: 25 },
  );
}, 60_000);
