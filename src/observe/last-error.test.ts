import { expect, test } from "vitest";
import { runRecord } from "../../test/support/run-record.ts";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../schedule/events.ts";
import type { SyncEvents } from "../sync/events.ts";
import { LastErrorWatch } from "./last-error.ts";

const at = Date.UTC(2026, 0, 31, 8);
const errors = [{ code: "CANCELLED", count: 1, message: "m", hint: "h", examples: [] }] as const;

function watch() {
  const events = new EventBus<SyncEvents & SchedulerEvents>();
  const lastError = new LastErrorWatch(events, new SteppedClock(at));
  return { events, lastError };
}

test("there is none at first, and none after runs that do their work", () => {
  const { events, lastError } = watch();
  events.emit("run:end", { record: runRecord({ outcome: "partial", errors }) });
  events.emit("schedule:run-failed", {
    connectorId: "a",
    runId: "r",
    error: new ConnectorError("CANCELLED", "m"),
  });
  expect(lastError.get()).toBeNull();
});

test("it is the error of the run that failed last", () => {
  const { events, lastError } = watch();
  events.emit("run:end", { record: runRecord({ connectorId: "a", outcome: "failed", errors }) });
  expect(lastError.get()).toEqual({ at, code: "CANCELLED", message: "m", connectorId: "a" });
  const error = new ConnectorError("INTERNAL", "broke off");
  events.emit("schedule:run-failed", { connectorId: "b", runId: "r", error });
  expect(lastError.get()).toEqual({ at, code: "INTERNAL", message: "broke off", connectorId: "b" });
});

test("a scheduler that cannot store its due times is an error of no connector", () => {
  const { events, lastError } = watch();
  events.emit("schedule:store-failed", { error: new ConnectorError("STATE_DISK_FULL", "full") });
  expect(lastError.get()).toMatchObject({ code: "STATE_DISK_FULL", connectorId: null });
});
