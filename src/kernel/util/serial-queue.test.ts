import { expect, test } from "vitest";
import { SerialQueue } from "./serial-queue.ts";

test("tasks run one after the other, in order, and one that fails holds up none", async () => {
  const queue = new SerialQueue();
  const gate = Promise.withResolvers<void>();
  const said: string[] = [];
  const task = (name: string, wait = Promise.resolve()) =>
    queue.run(async () => {
      said.push(`${name} begins`);
      await wait;
      said.push(`${name} ends`);
      if (name === "b") throw new Error("b failed");
      return name;
    });
  const results = Promise.allSettled([task("a", gate.promise), task("b"), task("c")]);
  await new Promise(setImmediate);
  expect(said).toEqual(["a begins"]);
  gate.resolve();
  expect((await results).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(said).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("who is cancelled while waiting leaves the queue at once, and is not run", async () => {
  const queue = new SerialQueue();
  const gate = Promise.withResolvers<void>();
  const stop = new AbortController();
  const ran: string[] = [];
  const first = queue.run(() => gate.promise);
  const cancelled = queue.run(async () => ran.push("cancelled"), stop.signal);
  const last = queue.run(async () => ran.push("last"));
  await new Promise(setImmediate);
  stop.abort();
  await expect(cancelled).rejects.toBe(stop.signal.reason);
  gate.resolve();
  await Promise.all([first, last]);
  expect(ran).toEqual(["last"]);
});

test("who was cancelled before is not run either", async () => {
  const ran: string[] = [];
  const stop = AbortSignal.abort();
  await expect(new SerialQueue().run(async () => ran.push("ran"), stop)).rejects.toBe(stop.reason);
  expect(ran).toEqual([]);
});
