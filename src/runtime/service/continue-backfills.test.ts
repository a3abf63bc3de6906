import { type Logger, pino } from "pino";
import { expect, test, vi } from "vitest";
import { memoryState } from "../../../test/support/memory-state.ts";
import { runRecord } from "../../../test/support/run-record.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import type { SchedulerEvents } from "../../schedule/events.ts";
import type { ScheduleStatus } from "../../schedule/scheduler-service.ts";
import { continueBackfills } from "./continue-backfills.ts";

const ended = runRecord({ connectorId: "c", outcome: "success", startedAt: 6, counts: { processed: 3 } });
const asked = { connectorId: "c", since: 1, until: 2, requestedAt: 5, listedAt: 6, finishedAt: null };

/** How often the connector is triggered when a run of it ends, and what is logged. */
async function afterARun(backfill: object, refusal?: ConnectorError, pausedAt: number | null = null) {
  const state = memoryState(systemClock);
  await state.backfills.save({ ...asked, ...backfill });
  const lines: string[] = [];
  const log: Logger = pino({ base: null }, { write: (line) => void lines.push(line) });
  const events = new EventBus<SchedulerEvents>();
  const trigger = vi.fn(() => {
    if (refusal) throw refusal;
    return "next";
  });
  const looked = vi.spyOn(state.backfills, "get");
  const scheduler = { trigger, status: () => ({ state: { pausedAt } }) as ScheduleStatus };
  continueBackfills({ state, events, scheduler, clock: systemClock, log });
  events.emit("schedule:run-ended", { record: ended });
  await looked.mock.results[0]?.value;
  await new Promise(setImmediate);
  return { triggered: trigger.mock.calls.length, lines };
}

test.each([
  ["the service was asked for it", { byService: true }, 1],
  ["a person's command sees to it", {}, 0],
  ["it is done", { byService: true, finishedAt: 9 }, 0],
])(
  "a run that delivered some of a backfill is followed by another, if it is to be: %s",
  async (_, backfill, times) => {
    expect(await afterARun(backfill)).toEqual({ triggered: times, lines: [] });
  },
);

test.each([
  ["RUN_ACTIVE", 0],
  ["SCHEDULER_STOPPED", 0],
  ["CONNECTOR_UNKNOWN", 1],
] as const)(
  "a run that does not come about because of %s is told of only when somebody has to hear of it",
  async (code, lines) => {
    const refused = await afterARun({ byService: true }, new ConnectorError(code, "no"));
    expect(refused.lines).toHaveLength(lines);
  },
);

test("a paused connector is not run again, though the backfill is not done", async () => {
  expect(await afterARun({ byService: true }, undefined, 7)).toEqual({ triggered: 0, lines: [] });
});
