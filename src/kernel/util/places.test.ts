import { expect, test } from "vitest";
import { Places } from "./places.ts";

const never = new AbortController().signal;

test("places are taken in order, as many as were asked for or as there are, and never more at once than there are", async () => {
  const places = new Places(3);
  expect(await places.take(2, never)).toBe(2);
  const taken: number[] = [];
  const second = places.take(9, never).then((granted) => void taken.push(granted));
  const third = places.take(1, never).then((granted) => void taken.push(granted));
  await Promise.resolve();
  expect(places.used, "the first in the row waits for all three").toBe(2);
  places.free(2);
  await second;
  expect([taken, places.used]).toEqual([[3], 3]);
  places.free(3);
  await third;
  expect([taken, places.used]).toEqual([[3, 1], 1]);
});

test("fewer places take effect as they become free, none lets nobody in, and more let in who waits", async () => {
  const places = new Places(4);
  await places.take(4, never);
  places.setCapacity(1);
  const waiting = places.take(3, never);
  places.free(3);
  await Promise.resolve();
  expect(places.used).toBe(1);
  places.setCapacity(0);
  places.free(1);
  await Promise.resolve();
  expect(places.used).toBe(0);
  places.setCapacity(2);
  expect(await waiting).toBe(2);
});

test("who gives up waiting holds nobody up", async () => {
  const places = new Places(1);
  await places.take(1, never);
  const leaving = new AbortController();
  const left = places.take(1, leaving.signal);
  const next = places.take(1, never);
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  places.free(1);
  expect(await next).toBe(1);
});
