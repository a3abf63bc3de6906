import { expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";
import { startTimeLimit } from "./time-limit.ts";

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
