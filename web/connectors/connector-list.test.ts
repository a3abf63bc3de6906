import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveEvent } from "../api/live.ts";
import type { ListedConnector } from "./connector.ts";
import { type Ask, ConnectorList } from "./connector-list.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const listed = (id: string) =>
  ({
    id,
    activeRun: { runId: id, done: 0, left: 9 },
    memories: {},
    inFlight: 0,
  }) as unknown as ListedConnector;

/** A service with so many connectors, `c0` and on, which answers in pages. */
function service(count: number) {
  const ids = Array.from({ length: count }, (_, index) => `c${index}`);
  const ask = vi.fn<Ask>(async ({ ids: asked, limit = count, after = "0" }) => {
    if (asked !== undefined)
      return { connectors: asked.filter((id) => ids.includes(id)).map(listed), next: null };
    const from = Number(after);
    const next = from + limit < count ? String(from + limit) : null;
    return { connectors: ids.slice(from, from + limit).map(listed), next };
  });
  return { ids, ask };
}

let last = 0;
const event = (connectorId: string, type: LiveEvent["type"] = "run:progress", done = 0) =>
  ({
    ...{ id: String(++last), type, at: "", connectorId },
    data: { runId: connectorId, phase: "deliver", done, total: 9, perSecond: 1, secondsLeft: 5 },
  }) as unknown as LiveEvent;

test("a hundred connectors cost one request, a thousand ten", async () => {
  for (const [count, requests] of [
    [100, 1],
    [1_000, 10],
  ] as const) {
    const { ask } = service(count);
    const list = new ConnectorList(ask);
    await list.reload();
    expect([list.all.value?.length, list.isWhole.value]).toEqual([count, true]);
    expect(ask).toHaveBeenCalledTimes(requests);
  }
});

test("fifty events a second of two hundred connectors cost a request a second and two drawings", async () => {
  const { ask, ids } = service(200);
  const list = new ConnectorList(ask);
  await list.reload();
  ask.mockClear();
  let drawn = 0;
  list.all.subscribe(() => {
    drawn += 1;
  });
  const seconds = 20;
  for (let at = 0; at < seconds * 50; at += 1) {
    list.hear(event(ids[at % 200] as string, at % 3 === 0 ? "run:phase" : "run:progress"));
    await vi.advanceTimersByTimeAsync(20);
  }
  expect(ask.mock.calls.length).toBeLessThanOrEqual(seconds);
  expect(ask.mock.calls.length).toBeGreaterThan(seconds / 2);
  expect(Math.max(...ask.mock.calls.map(([{ ids: asked = [] }]) => asked.length))).toBeLessThanOrEqual(100);
  expect(drawn).toBeLessThanOrEqual(seconds * 3 + 1);
  list.stop();
});

test("progress is shown within half a second, without a request", async () => {
  const { ask } = service(3);
  const list = new ConnectorList(ask);
  await list.reload();
  list.hear(event("c1", "run:progress", 4));
  await vi.advanceTimersByTimeAsync(500);
  expect(list.all.value?.[1]?.activeRun).toMatchObject({ done: 4, left: 5 });
  expect(ask).toHaveBeenCalledTimes(1);
  list.stop();
});

test("a connector that was removed goes, and one that was made comes", async () => {
  const { ask, ids } = service(3);
  const list = new ConnectorList(ask);
  await list.reload();
  ids.splice(1, 1, "made");
  list.hear(event("c1", "schedule:change"));
  list.hear(event("made", "schedule:change"));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(list.all.value?.map(({ id }) => id)).toEqual(["c0", "c2", "made"]);
  list.stop();
});

test("where events were missed, everything is asked for again, once however often that is said", async () => {
  const { ask } = service(3);
  const list = new ConnectorList(ask);
  await list.reload();
  for (let at = 0; at < 100; at += 1) {
    list.hear(event("c1", "missed"));
    await vi.advanceTimersByTimeAsync(40);
  }
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ask).toHaveBeenCalledTimes(2);
  list.stop();
});

test("a failed request keeps what is shown, and says why", async () => {
  const { ask } = service(2);
  const list = new ConnectorList(ask);
  await list.reload();
  ask.mockRejectedValueOnce(new Error("away"));
  list.hear(event("c1", "run:end"));
  await vi.advanceTimersByTimeAsync(1_500);
  expect([list.all.value?.length, list.problem.value?.code]).toEqual([2, "INTERNAL"]);
  list.hear(event("c1", "run:end"));
  await vi.advanceTimersByTimeAsync(2_500);
  expect(list.problem.value).toBeNull();
  list.stop();
});
