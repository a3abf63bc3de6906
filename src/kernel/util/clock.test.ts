import { expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

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
