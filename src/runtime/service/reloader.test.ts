import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { watchFiles } from "./reloader.ts";

test("a change is told once, whether the file was there before or not, and none after stopping", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const folder = temporaryFolder();
  const [there, missing] = [join(folder, "a"), join(folder, "b")];
  writeFileSync(there, "1");
  const changed = vi.fn();
  const stop = watchFiles([there, missing], changed);
  // Written before the first tick: a watcher that took its first look later would not see it.
  writeFileSync(there, "22");
  vi.advanceTimersByTime(3000);
  expect(changed).toHaveBeenCalledTimes(1);
  writeFileSync(missing, "new");
  vi.advanceTimersByTime(1000);
  expect(changed).toHaveBeenCalledTimes(2);
  rmSync(missing);
  vi.advanceTimersByTime(1000);
  expect(changed).toHaveBeenCalledTimes(3);
  stop();
  writeFileSync(there, "333");
  vi.advanceTimersByTime(3000);
  expect(changed).toHaveBeenCalledTimes(3);
});
