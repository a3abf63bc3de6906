import { onTestFinished, vi } from "vitest";

/** For the rest of the test, each look at the process's clock finds it so much later. Milliseconds. */
export function clockStepsBy(ms: number): void {
  let now = performance.now();
  const spy = vi.spyOn(performance, "now").mockImplementation(() => {
    now += ms;
    return now;
  });
  onTestFinished(() => spy.mockRestore());
}

/** How often the event loop came round while `work` was under way. */
export async function turnsBeside(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const look = () => {
    turns += 1;
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  await work.finally(() => {
    isDone = true;
  });
  return turns;
}
