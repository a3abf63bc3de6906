import { expect, test, vi } from "vitest";
import { readYaml } from "../../../test/support/config.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Logger } from "../../observe/logs.ts";
import { type FollowedSources, followSources, SourceHints } from "./follow-sources.ts";

const connectors = (schedule = "interval, every: 1d") =>
  readYaml(`lightrag: { mode: direct }
connectors:
  - { id: notes, context_id: N, schedule: { type: ${schedule} }, source: { type: folder, path: ./vault } }
  - { id: other, context_id: O, source: { type: in_memory, memories: [] } }`).config.connectors;

/** Follows for so many seconds; `at` says what happens in which of them. */
async function follow(
  seconds: number,
  at: Record<number, (world: { change(): void; hints: SourceHints; clock: ManualClock }) => void>,
  { schedule, ...given }: Partial<FollowedSources> & { schedule?: string } = {},
) {
  const configured = connectors(schedule);
  const clock = new ManualClock(0);
  const stopping = new AbortController();
  const watch = { refresh: vi.fn(async () => null as string | null), close: vi.fn(), size: 0 };
  let change: () => void = () => undefined;
  const hints = new SourceHints();
  const triggered: number[] = [];
  const ids: string[] = [];
  const log = { warn: vi.fn() };
  const sleep = async (ms: number, signal?: AbortSignal) => {
    const second = Math.round(clock.now() / 1_000);
    at[second]?.({ change, hints, clock });
    if (second >= seconds) stopping.abort();
    await clock.sleep(ms, signal);
  };
  const following = followSources(
    {
      connectors: () => configured,
      watchSource: async (source, changed) => {
        if (source.type !== "folder") return null;
        change = changed;
        return watch as never;
      },
      hints,
      control: {
        trigger: (connectorId) => {
          ids.push(connectorId);
          return String(triggered.push(clock.now() / 1_000));
        },
      },
      isPaused: () => false,
      clock: { now: clock.now, monotonic: clock.monotonic, sleep },
      log: log as unknown as Logger,
      ...given,
    },
    stopping.signal,
  );
  await expect(following).rejects.toMatchObject({ name: "AbortError" });
  return { triggered, ids, watch, log };
}

test("a change is followed by one run, once the files have settled", async () => {
  const { triggered, watch } = await follow(20, { 3: ({ change }) => change(), 4: ({ change }) => change() });
  expect(triggered).toEqual([6]);
  expect(watch.close).toHaveBeenCalledTimes(1);
});

test("a folder that never rests is read every minute", async () => {
  const always = Object.fromEntries(
    Array.from({ length: 130 }, (_, second) => [second, ({ change }: { change(): void }) => change()]),
  );
  expect((await follow(130, always)).triggered).toHaveLength(2);
});

test("nothing runs without a change, for a schedule of `manual`, or while the connector is paused", async () => {
  const change = { 1: ({ change }: { change(): void }) => change() };
  expect((await follow(20, {})).triggered).toEqual([]);
  expect((await follow(20, change, { schedule: "manual" })).triggered).toEqual([]);
  let isPaused = true;
  const paused = await follow(20, { ...change, 10: () => (isPaused = false) }, { isPaused: () => isPaused });
  expect(paused.triggered).toEqual([11]);
});

test("what is told of a source is followed by one run of its connector, whatever its schedule, and of no other", async () => {
  const tell = ({ hints }: { hints: SourceHints }) => {
    for (const id of ["other", "other", "unheard-of"]) hints.add(id, null);
  };
  const { triggered, ids, log } = await follow(20, { 3: tell }, { schedule: "manual" });
  expect([triggered, ids]).toEqual([[4], ["other"]]);
  expect(log.warn).not.toHaveBeenCalled();
});

test("memories that are named are told with the run, unless somebody names none or they are too many", async () => {
  const wishes: unknown[] = [];
  const trigger = (_: string, wish: unknown) => String(wishes.push(wish));
  const naming =
    (...ids: (string | null)[]) =>
    ({ hints }: { hints: SourceHints }) => {
      for (const id of ids) hints.add("other", id);
    };
  const many = Array.from({ length: 51 }, (_, number) => String(number));
  const at = { 1: naming("a", "b", "a"), 5: naming("a", null), 9: naming(...many), 13: naming("c") };
  await follow(20, at, { control: { trigger } });
  expect(wishes).toEqual([{ hinted: ["a", "b"] }, {}, {}, { hinted: ["c"] }]);
});

test("a change during a run is followed by another one", async () => {
  const tries: number[] = [];
  const trigger = () => {
    tries.push(1);
    if (tries.length < 4) throw new ConnectorError("RUN_ACTIVE", "runs");
    return "run";
  };
  await follow(30, { 1: ({ change }) => change() }, { control: { trigger } });
  expect(tries).toHaveLength(4);
});

test("a run that cannot be begun is told of, and so is a source that cannot be watched, once", async () => {
  const trigger = () => {
    throw new ConnectorError("CONNECTOR_UNKNOWN", "gone");
  };
  const refused = await follow(20, { 1: ({ change }) => change() }, { control: { trigger } });
  expect(refused.log.warn).toHaveBeenCalledTimes(1);
  const watch = { refresh: async () => "ENOSPC", close: () => undefined };
  const unwatched = await follow(
    900,
    {},
    { watchSource: async (source) => (source.type === "folder" ? (watch as never) : null) },
  );
  expect(unwatched.log.warn.mock.calls.map(([{ reason }]) => reason)).toEqual(["ENOSPC"]);
});

test("a source that cannot be watched is asked about once, and not every second", async () => {
  const asked: string[] = [];
  const watchSource: FollowedSources["watchSource"] = async ({ type }) => {
    asked.push(type);
    return null;
  };
  await follow(5, {}, { watchSource });
  expect(asked).toEqual(["folder"]);
});
