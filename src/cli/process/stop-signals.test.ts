import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StopSignals } from "./stop-signals.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listening(drains: boolean) {
  const said: string[] = [];
  const end = vi.fn();
  return { said, end, signals: new StopSignals({ drains, say: (line) => said.push(line), end }) };
}

test("the first signal asks the work to stop, and the second one ends the process", () => {
  const { signals, end, said } = listening(false);
  signals.onSignal();
  expect([signals.stop.aborted, end.mock.calls.length]).toEqual([true, 0]);
  signals.onSignal();
  expect(end).toHaveBeenCalledOnce();
  expect(said).toHaveLength(2);
});

test("a command that drains cuts its work short at the second signal and is ended by the third", () => {
  const { signals, end } = listening(true);
  signals.onSignal();
  expect([signals.stop.aborted, signals.cutShort.aborted]).toEqual([true, false]);
  signals.onSignal();
  expect([signals.cutShort.aborted, end.mock.calls.length]).toEqual([true, 0]);
  signals.onSignal();
  expect(end).toHaveBeenCalledOnce();
});

test.each([true, false])("work that does not stop is ended after its time, draining or not: %s", (drains) => {
  const { signals, end } = listening(drains);
  signals.endWithin(60_000);
  signals.onSignal();
  vi.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5000);
  expect(end).toHaveBeenCalledOnce();
});

test("work that was cut short is ended a few seconds later, however long it might have taken before", () => {
  const { signals, end } = listening(true);
  signals.endWithin(3_600_000);
  signals.onSignal();
  signals.onSignal();
  vi.advanceTimersByTime(5000);
  expect(end).toHaveBeenCalledOnce();
});

test("work that has ended is not ended again", () => {
  const { signals, end } = listening(true);
  signals.onSignal();
  signals.close();
  vi.advanceTimersByTime(3_600_000);
  expect(end).not.toHaveBeenCalled();
});
