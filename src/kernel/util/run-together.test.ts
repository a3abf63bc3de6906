import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { closeAll, runTogether } from "./run-together.ts";

test("the first failure aborts the others and is thrown once all have ended", async () => {
  const ended: string[] = [];
  const failing = async () => {
    throw new Error("first");
  };
  const waiting = async (signal: AbortSignal) => {
    await systemClock.sleep(60_000, signal).catch(() => undefined);
    ended.push("waiting");
  };
  await expect(runTogether(new AbortController().signal, [failing, waiting])).rejects.toThrow("first");
  expect(ended).toEqual(["waiting"]);
});

test("a caller's abort reaches every task", async () => {
  const controller = new AbortController();
  const task = (signal: AbortSignal) => systemClock.sleep(60_000, signal);
  const both = runTogether(controller.signal, [task, task]);
  controller.abort(new Error("enough"));
  await expect(both).rejects.toThrow();
});

test("closes every part and then throws the first failure", async () => {
  const closed: string[] = [];
  const part = (name: string, failure?: Error) => ({
    close: async () => {
      closed.push(name);
      if (failure !== undefined) throw failure;
    },
  });
  const first = new Error("first");
  const all = closeAll([part("a"), part("b", first), part("c", new Error("second"))]);
  await expect(all).rejects.toBe(first);
  expect(closed).toEqual(["a", "b", "c"]);
});
