import { expect, test, vi } from "vitest";
import { EventBus } from "./event-bus.ts";

test("a listener hears its event until it unsubscribes", () => {
  const bus = new EventBus<{ tick: number; tock: string }>();
  const heard: number[] = [];
  const stop = bus.on("tick", (value) => heard.push(value));
  bus.emit("tick", 1);
  bus.emit("tock", "x");
  stop();
  bus.emit("tick", 2);
  expect(heard).toEqual([1]);
});

test("a listener that throws is reported and hurts neither the sender nor the next listener", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const bus = new EventBus<{ tick: number }>();
  const heard: number[] = [];
  bus.on("tick", () => {
    throw new Error("listener broke");
  });
  bus.on("tick", (value) => heard.push(value));
  bus.emit("tick", 1);
  expect(heard).toEqual([1]);
  expect(warn).toHaveBeenCalledWith(expect.objectContaining({ message: "listener broke" }));
  warn.mockRestore();
});
