import { expect, test } from "vitest";
import { activeRunText } from "./active-run-text.ts";

const begun = {
  runId: "r",
  queuedAt: "2026-01-01T00:00:00.000Z",
  process: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  phase: "deliver",
  done: 1200,
  left: 10_000,
  documentsPerMinute: 120.5,
  secondsLeft: 4_979,
  waits: null,
} as const;

test.each([
  ["the pace and the time left", begun, "1,200 done, 10,000 left · 120.5 a minute · about 1 h 22 min left"],
  [
    "no pace while it is not known",
    { ...begun, documentsPerMinute: null, secondsLeft: null },
    "1,200 done, 10,000 left",
  ],
  [
    "that nothing moves",
    { ...begun, documentsPerMinute: 0, secondsLeft: null },
    "1,200 done, 10,000 left · none settled in the last minute",
  ],
  [
    "what a run waits for, and no time left",
    {
      ...begun,
      secondsLeft: null,
      waits: { until: "2026-01-01T00:05:00.000Z", reason: "deliveries rest for 300 s" },
    },
    /^1,200 done, 10,000 left · waits until 2026-01-01T00:05:00Z\S*( \(.*\))?: deliveries rest for 300 s$/u,
  ],
  [
    "what it is at before it delivers",
    { ...begun, phase: "discover", done: null, left: null, documentsPerMinute: null, secondsLeft: null },
    "reading the source",
  ],
  ["that its turn has not come", { ...begun, startedAt: null }, "not yet, waits for its turn"],
] as const)("a run under way tells %s", (_, run, text) => {
  const [line] = activeRunText(run);
  const told = line?.slice("  running   ".length);
  if (typeof text === "string") expect(told).toBe(text);
  else expect(told).toMatch(text);
});

test("without a run, or before it has told where it is, there is no line", () => {
  expect(activeRunText(null)).toEqual([]);
  expect(activeRunText({ ...begun, phase: null })).toEqual([]);
});
