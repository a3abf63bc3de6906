import { expect, test } from "vitest";
import { newRow } from "../../domain/ledger.ts";
import { InFlightWindow, inFlight } from "./in-flight-window.ts";

const entry = () => inFlight(newRow({ connectorId: "c", contextId: "x", memoryId: "m" }, "f", 0), null, 0);
const never = new AbortController().signal;

test("room is given up to the capacity and then waited for, first come first served", async () => {
  const window = new InFlightWindow(2);
  await window.reserve(2, never);
  const order: string[] = [];
  const big = window.reserve(2, never).then(() => order.push("big"));
  const small = window.reserve(1, never).then(() => order.push("small"));
  window.free(1);
  await Promise.resolve();
  expect(order).toEqual([]);
  window.free(1);
  await big;
  expect(order).toEqual(["big"]);
  window.free(1);
  await small;
});

test("a settled delivery leaves and frees its room once, however often it is settled", async () => {
  const window = new InFlightWindow(1);
  await window.reserve(1, never);
  const delivery = entry();
  window.add(delivery);
  window.settle(delivery);
  window.settle(delivery);
  expect(window.size).toBe(0);
  await window.reserve(1, never);
  const waiting = window.reserve(1, AbortSignal.timeout(20));
  await expect(waiting).rejects.toThrow();
});

test("a wait that is aborted gives up its place to the next", async () => {
  const window = new InFlightWindow(1);
  await window.reserve(1, never);
  const controller = new AbortController();
  const first = window.reserve(1, controller.signal);
  const second = window.reserve(1, never);
  controller.abort(new Error("stop"));
  await expect(first).rejects.toThrow("stop");
  window.free(1);
  await second;
});

test("it is full when all room is reserved, whether or not the deliveries are there yet", async () => {
  const window = new InFlightWindow(2);
  expect(window.isFull).toBe(false);
  await window.reserve(1, never);
  expect(window.isFull).toBe(false);
  await window.reserve(1, never);
  expect(window.isFull).toBe(true);
  window.free(1);
  expect(window.isFull).toBe(false);
});

test("who comes later does not overtake, even where there is room for it", async () => {
  const window = new InFlightWindow(2);
  await window.reserve(1, never);
  const order: string[] = [];
  const big = window.reserve(2, never).then(() => order.push("big"));
  const small = window.reserve(1, never).then(() => order.push("small"));
  await new Promise(setImmediate);
  expect(order).toEqual([]);
  window.free(1);
  await big;
  window.free(2);
  await small;
  expect(order).toEqual(["big", "small"]);
});

test("who has given up already gets no room", async () => {
  const window = new InFlightWindow(1);
  await expect(window.reserve(1, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  expect(window.isFull).toBe(false);
});
