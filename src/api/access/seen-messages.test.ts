import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { SeenMessages } from "./seen-messages.ts";

test("a message of a connector is new once, for as long as its time would let it come again", async () => {
  const clock = new ManualClock(0);
  const messages = new SeenMessages(clock);
  expect(messages.isNew("one", "m")).toBe(true);
  expect(messages.isNew("one", "m")).toBe(false);
  expect(messages.isNew("two", "m")).toBe(true);
  await clock.sleep(600_000);
  expect(messages.isNew("one", "m")).toBe(false);
  await clock.sleep(1);
  expect(messages.isNew("one", "m")).toBe(true);
});

test("of ten thousand messages the oldest is forgotten for the next", () => {
  const messages = new SeenMessages(new ManualClock(0));
  for (let number = 0; number < 10_001; number += 1) expect(messages.isNew("one", `m${number}`)).toBe(true);
  expect(messages.isNew("one", "m10000")).toBe(false);
  expect(messages.isNew("one", "m0")).toBe(true);
});
