import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import type { Board, BoardFollower } from "../../state/board.ts";
import type { AppEvents } from "../app-events.ts";
import { LiveEvents } from "./live-events.ts";
import { Relay } from "./relay.ts";

beforeEach(
  () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] }),
);
afterEach(() => void vi.useRealTimers());

/** One board for all processes of a test. */
function makeBoard() {
  const posted: unknown[] = [];
  const followers = new Map<string, BoardFollower>();
  const boardOf = (name: string): Board => ({
    id: name,
    post: async (content) => {
      posted.push(content);
      for (const [other, follower] of followers) if (other !== name) follower.heard(content, name);
    },
    follow: async (follower) => {
      followers.set(name, follower);
      return { isNotified: true, end: async () => void followers.delete(name) };
    },
  });
  return { posted, followers, boardOf };
}

function makeProcess(name: string, { boardOf }: ReturnType<typeof makeBoard>, clock: ManualClock) {
  const events = new EventBus<AppEvents>();
  const live = new LiveEvents(events, clock);
  const heard: string[] = [];
  live.listen({
    happened: ({ data }) => void heard.push((data as { message: string }).message),
    missed: () => void heard.push("missed"),
  });
  const relay = new Relay({ board: boardOf(name), live, clock });
  const say = (message: string) => events.emit("run:notice", { runId: "r", connectorId: "c", message });
  return { relay, heard, say };
}

async function pass(clock: ManualClock, ms: number) {
  clock.advance(ms);
  await vi.advanceTimersByTimeAsync(ms);
}

test("a process that is alone writes one word, and nothing of what happens in it", async () => {
  const clock = new ManualClock();
  const board = makeBoard();
  const { relay, say } = makeProcess("one", board, clock);
  await relay.start();
  say("first");
  await pass(clock, 60_000);
  say("second");
  relay.changed("schedules");
  await pass(clock, 60_000);
  await relay.stop();
  expect(board.posted).toEqual([{ kind: "here", asks: true }]);
});

test("what happens in the moment of a start waits for the others' answer", async () => {
  const clock = new ManualClock();
  const board = makeBoard();
  const [one, two] = [makeProcess("one", board, clock), makeProcess("two", board, clock)];
  await one.relay.start();
  await pass(clock, 60_000);
  const word = two.relay.start();
  two.say("at once");
  await word;
  await pass(clock, 200);
  expect([one.heard, two.heard]).toEqual([["at once"], ["at once"]]);
  one.say("and back");
  await one.relay.stop();
  expect(two.heard).toEqual(["at once", "and back"]);
});

test("a change is told to the others alone, and one that has gone is told nothing after half a minute", async () => {
  const clock = new ManualClock();
  const board = makeBoard();
  const [one, two] = [makeProcess("one", board, clock), makeProcess("two", board, clock)];
  await one.relay.start();
  await two.relay.start();
  const changes: string[] = [];
  one.relay.on("connectors", () => void changes.push("one"));
  two.relay.on("connectors", () => void changes.push("two"));
  one.relay.changed("connectors");
  await pass(clock, 40_000);
  expect(changes).toEqual(["two"]);
  await two.relay.stop();
  for (let count = 0; count < 5; count++) await pass(clock, 10_000);
  const before = board.posted.length;
  one.relay.changed("connectors");
  await pass(clock, 20_000);
  expect(board.posted.length).toBe(before);
});

test("who may have missed something tells its readers, reads everything again and asks who is there", async () => {
  const clock = new ManualClock();
  const board = makeBoard();
  const { relay, heard } = makeProcess("one", board, clock);
  await relay.start();
  const read = vi.fn();
  relay.on("schedules", read);
  board.followers.get("one")?.missed();
  await pass(clock, 100);
  expect([heard, read.mock.calls.length, board.posted.length]).toEqual([["missed"], 1, 2]);
});
