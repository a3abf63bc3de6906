import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import type { RunWish } from "../domain/run-wish.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import { openState } from "../state/open-state.ts";
import { serveCommands } from "./command-inbox.ts";
import type { SchedulerEvents } from "./events.ts";
import { RemoteRunControl } from "./remote-run-control.ts";
import type { RunControl } from "./run-control.ts";

/** Records the requests. */
class NotingScheduler implements RunControl {
  readonly asked: string[] = [];

  async trigger(id: string, wish: RunWish = {}) {
    this.asked.push(`trigger ${id} ${JSON.stringify(wish)}`);
    return `run-of-${id}`;
  }

  cancel(id: string): string {
    this.asked.push(`cancel ${id}`);
    throw new ConnectorError("RUN_NOT_ACTIVE", `connector "${id}" has no run to cancel`);
  }

  async pause(id: string, note = "") {
    this.asked.push(`pause ${id} ${note}`.trim());
  }

  async resume(id: string) {
    this.asked.push(`resume ${id}`);
  }
}

async function twoSides(patienceMs: number) {
  const state = await openState({ backend: "sqlite", path: `${temporaryFolder()}/state.db` });
  onTestFinished(() => state.close());
  const store = state.scheduleRequests;
  const scheduler = new NotingScheduler();
  const remote = new RemoteRunControl({ store, clock: systemClock, timeoutMs: patienceMs });
  const serve = () => {
    const stopping = new AbortController();
    const refresh = async () => void scheduler.asked.push("refresh");
    const events = new EventBus<SchedulerEvents>();
    const hint = (id: string, memoryId: string | null) =>
      void scheduler.asked.push(`hint ${id} ${memoryId ?? ""}`.trim());
    const desk = { store, control: scheduler, hint, refresh, clock: systemClock, events };
    const ended = serveCommands(desk, stopping.signal).catch(() => undefined);
    onTestFinished(async () => {
      stopping.abort();
      await ended;
    });
  };
  return { store, scheduler, remote, serve };
}

test("what is asked of another process is acted on once and in order, and its answers and errors come back", async () => {
  const { store, scheduler, remote, serve } = await twoSides(30_000);
  serve();
  serve();
  await remote.hint("a", null);
  await remote.hint("a", "m");
  await expect(remote.trigger("a", { force: true, ids: ["m"], reconcile: { repair: true } })).resolves.toBe(
    "run-of-a",
  );
  await expect(remote.cancel("a")).rejects.toMatchObject({ code: "RUN_NOT_ACTIVE", subject: "a" });
  await remote.pause("a", "the model is moved");
  await remote.resume("a");
  const triggered = scheduler.asked.findIndex((each) => each.startsWith("trigger"));
  expect(scheduler.asked.slice(0, triggered), "what was changed before").toContain("refresh");
  expect(scheduler.asked.filter((each) => each !== "refresh")).toEqual([
    "hint a",
    "hint a m",
    'trigger a {"force":true,"ids":["m"],"reconcile":{"repair":true}}',
    "cancel a",
    "pause a the model is moved",
    "resume a",
  ]);
  expect(await store.take(Number.POSITIVE_INFINITY)).toEqual([]);
});

test("a request that nobody takes in time is withdrawn, and a scheduler that comes later does not act on it", async () => {
  const { store, scheduler, remote, serve } = await twoSides(60);
  await expect(remote.trigger("a")).rejects.toMatchObject({
    code: "SCHEDULER_ELSEWHERE",
    message: expect.stringContaining("it was withdrawn"),
  });
  serve();
  // The next request is answered, so that the scheduler has looked since.
  await new RemoteRunControl({ store, clock: systemClock, timeoutMs: 30_000 }).pause("b");
  expect(scheduler.asked).toEqual(["refresh", "pause b"]);
});

test("a request that was taken and not answered is told apart: it may have been acted on", async () => {
  const { store, remote } = await twoSides(200);
  const asked = remote.pause("a");
  asked.catch(() => undefined);
  await vi.waitFor(async () => expect(await store.take(systemClock.now())).toHaveLength(1), { interval: 5 });
  await expect(asked).rejects.toMatchObject({
    code: "SCHEDULER_ELSEWHERE",
    message: expect.stringContaining("has taken the request and not answered"),
  });
});
