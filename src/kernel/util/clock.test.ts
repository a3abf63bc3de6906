import { expect, test, vi } from "vitest";
import { startTimeLimit, systemClock } from "./clock.ts";

test("a sleep of months does not end at once", async () => {
  const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const cancel = new AbortController();
  const slept = systemClock.sleep(60 * 24 * 60 * 60 * 1000, cancel.signal);
  const first = await Promise.race([
    slept.then(() => "slept"),
    systemClock.sleep(20).then(() => "still asleep"),
  ]);
  cancel.abort();
  await expect(slept).rejects.toThrow();
  expect(first).toBe("still asleep");
  expect(warnings).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test("a limit of months is not over at once, one of a moment is, and a cleared one never", async () => {
  const months = startTimeLimit(2 ** 31 + 1, systemClock);
  const cleared = startTimeLimit(5, systemClock);
  cleared.clear();
  const moment = startTimeLimit(10, systemClock);
  await vi.waitFor(() => expect(moment.signal.aborted).toBe(true));
  expect(months.signal.aborted).toBe(false);
  expect(cleared.signal.aborted).toBe(false);
  months.clear();
});
