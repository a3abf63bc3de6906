import { expect, test } from "vitest";
import { momentInName } from "./file-name-time.ts";

test.each([
  ["2026-03-19_0815", "08:15:00"],
  ["2026-03-19_081516", "08:15:16"],
  ["20260319_081516", "08:15:16"],
  ["2026-03-19 08-15-16", "08:15:16"],
  ["2026-03-19T08.15.16", "08:15:16"],
  ["2026_03_19_08_15_16", "08:15:16"],
  ["2026-03-19 08h15m16", "08:15:16"],
  ["2026-03-19 08h15", "08:15:00"],
])("the name %s says a time of %s", (name, clock) => {
  expect(momentInName(name, "UTC")).toEqual({ time: `2026-03-19T${clock}.000Z`, hasClock: true });
});

test.each(["2026-03-19_0815_16", "2026-03-19_0815-16", "2026-03-19 0815.2", "2026-03-19 08-15_16"])(
  "a number that is not written as the minutes are is no second: %s",
  (name) => {
    expect(momentInName(name, "UTC")).toEqual({ time: "2026-03-19T08:15:00.000Z", hasClock: true });
  },
);

test.each(["2026-03-19", "2026-03-19_9915", "20260319_08151"])("the name %s says a day alone", (name) => {
  expect(momentInName(name, "UTC")).toEqual({ time: "2026-03-19T00:00:00.000Z", hasClock: false });
});
