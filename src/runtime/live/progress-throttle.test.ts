import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import type { AppEvents } from "../app-events.ts";
import { ProgressThrottle } from "./progress-throttle.ts";

function progress(done: number, runId = "r"): AppEvents["run:progress"] {
  const counts = {} as AppEvents["run:progress"]["counts"];
  return { runId, connectorId: "c", phase: "deliver", counts, done, total: 100 };
}

test("an alert is told in its public shape, with times that people can read", () => {
  const times = { since: 0, lastToldAt: 1_000, resolvedAt: null, version: 3 };
  const alert = { id: "stale:1:c", rule: "stale", connectorId: "c", title: "t", text: "x", ...times };
  expect(
    new ProgressThrottle(new ManualClock()).describe("alert:change", { status: "firing", alert }),
  ).toEqual({
    status: "firing",
    alert: {
      ...{ id: "stale:1:c", rule: "stale", connectorId: "c", title: "t", text: "x", resolvedAt: null },
      ...{ since: "1970-01-01T00:00:00.000Z", lastToldAt: "1970-01-01T00:00:01.000Z" },
    },
  });
});

test("progress gets its rate and the time that is left, and is told four times a second at most", () => {
  const clock = new ManualClock();
  const throttle = new ProgressThrottle(clock);
  const tell = (done: number, runId?: string) => throttle.describe("run:progress", progress(done, runId));
  expect(tell(0)).toMatchObject({ done: 0, perSecond: null, secondsLeft: null });
  clock.advance(200);
  expect(tell(5)).toBeNull();
  expect(tell(5, "other")).not.toBeNull();
  clock.advance(1800);
  expect(tell(20)).toMatchObject({ done: 20, perSecond: 10, secondsLeft: 8 });
  clock.advance(10);
  // The last one is always sent.
  expect(tell(100)).toMatchObject({ done: 100, secondsLeft: 0 });
});
