import { expect, onTestFinished, test } from "vitest";
import { EagerClock } from "../../test/support/eager-clock.ts";
import { memoryState } from "../../test/support/memory-state.ts";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { RemoteRunControl } from "./remote-run-control.ts";
import { cancellable } from "./run-inbox.ts";

const untilAborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    const end = () => resolve(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
  });

function world(timeoutMs = 30_000) {
  const state = memoryState(systemClock);
  onTestFinished(() => state.close());
  const store = state.scheduleRequests;
  const inbox = { store, clock: new EagerClock(), runId: "r" };
  return { store, inbox, remote: new RemoteRunControl({ store, clock: systemClock, timeoutMs }) };
}

test("whoever asks a run through the store to be cancelled ends it, and is answered, however often", async () => {
  const { inbox, remote } = world();
  const answers: boolean[] = [];
  const reason = await cancellable(inbox, new AbortController().signal, async (signal) => {
    const first = remote.cancelRun("c", "r");
    const why = await untilAborted(signal);
    answers.push(await first, await remote.cancelRun("c", "r"));
    return why;
  });
  expect(reason).toMatchObject({ code: "CANCELLED", message: "the run was cancelled on request" });
  expect(answers).toEqual([true, true]);
});

test("the run's own signal still ends it, with its own reason; and what it throws is thrown", async () => {
  const { inbox } = world();
  const stop = new AbortController();
  const stopping = new ConnectorError("CANCELLED", "the service stops");
  const ended = cancellable(inbox, stop.signal, untilAborted);
  stop.abort(stopping);
  expect(await ended).toBe(stopping);
  const failing = cancellable(inbox, new AbortController().signal, () => Promise.reject(stopping));
  await expect(failing).rejects.toBe(stopping);
});

test("whoever asks a run that comes to its end at that moment is told so, and not that it is being cancelled", async () => {
  const { store, inbox } = world();
  const asked = { kind: "cancel", connectorId: "c", runId: "r", wish: {} } as const;
  const result = await cancellable(
    { ...inbox, clock: new SteppedClock() },
    new AbortController().signal,
    async () => {
      await store.add({
        ...asked,
        id: "late",
        askedAt: 0,
        expiresAt: Number.MAX_VALUE,
        takenAt: null,
        answer: null,
      });
      return "done";
    },
  );
  expect(result).toBe("done");
  expect((await store.get("late"))?.answer).toMatchObject({ ok: false, code: "RUN_NOT_ACTIVE" });
});

test("a run that does not answer in time, or is another, is not cancelled later: the request is withdrawn", async () => {
  const { store, inbox, remote } = world(1);
  expect(await remote.cancelRun("c", "r")).toBe(false);
  const other = await cancellable(
    { ...inbox, runId: "other" },
    new AbortController().signal,
    async (signal) => {
      expect(await remote.cancelRun("c", "r")).toBe(false);
      return signal.aborted;
    },
  );
  expect(other).toBe(false);
  expect(await store.take(0, "r")).toEqual([]);
});

test("a state that cannot be read costs the inbox alone", async () => {
  const { inbox } = world();
  const broken = { ...inbox.store, take: () => Promise.reject(new Error("disk")) };
  expect(await cancellable({ ...inbox, store: broken }, new AbortController().signal, async () => 7)).toBe(7);
});
