import { expect, onTestFinished, test } from "vitest";
import { channelError, ScriptedChannel } from "../../test/support/scripted-channel.ts";
import { SteppedClock } from "../../test/support/stepped-clock.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import type { Message } from "../state/message.ts";
import type { NotificationStore } from "../state/notification-store.ts";
import { openState } from "../state/open-state.ts";
import { type Channel, PartialDelivery } from "./channel.ts";
import type { NotifyEvents } from "./events.ts";
import { Outbox } from "./outbox.ts";

const message = (title: string): Message => ({ title, text: "", tone: "bad", events: [], dropped: 0 });
const down = () => channelError("CHANNEL_UNREACHABLE", "down");
const refused = () => channelError("CHANNEL_REFUSED", "no");

async function openStore(path = `${temporaryFolder()}/state.db`) {
  const state = await openState({ backend: "sqlite", path });
  onTestFinished(() => state.close());
  return state.notifications;
}

async function makeOutbox(
  store: NotificationStore,
  channels: readonly Channel[],
  clock = new SteppedClock(),
) {
  const events = new EventBus<NotifyEvents>();
  const told: string[] = [];
  events.on("notify:sent", ({ channelId, attempts }) => told.push(`${channelId} sent ${attempts}`));
  events.on("notify:failed", ({ channelId, attempts, final }) =>
    told.push(`${channelId} failed ${attempts}${final ? " for good" : ""}`),
  );
  const outbox = new Outbox({ store, clock, random: () => 0.999_999, events });
  await outbox.setChannels(channels);
  onTestFinished(() => outbox.close());
  return { outbox, clock, told };
}

/** Workers use real disks, so a test polls for their result. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("the condition did not come to hold within 5 s");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const isEmpty = (store: NotificationStore) => async () => (await store.listDeliveries()).length === 0;

test("a message reaches every channel it is for, once, and nothing is left of it", async () => {
  const store = await openStore();
  const [ops, night] = [new ScriptedChannel("ops"), new ScriptedChannel("night")];
  const { outbox, told } = await makeOutbox(store, [ops, night]);
  await outbox.enqueue(["ops", "night"], [message("one"), message("two")]);
  expect(await outbox.flush(5000)).toBe(0);
  expect([ops.tries, night.tries]).toEqual([
    ["one", "two"],
    ["one", "two"],
  ]);
  expect(told.toSorted()).toEqual(["night sent 1", "night sent 1", "ops sent 1", "ops sent 1"]);
  expect(await store.listDeliveries()).toEqual([]);
});

test("a channel that is down is tried ever less often, under the same id, and order is kept", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  ops.failures = [down(), down(), down(), null, null];
  const { outbox, clock, told } = await makeOutbox(store, [ops]);
  await outbox.enqueue(["ops"], [message("one"), message("two")]);
  for (const [tries, waitMs] of [
    [1, 5_000],
    [2, 15_000],
    [3, 45_000],
  ] as const) {
    await until(() => ops.tries.length === tries && clock.sleeping > 0 && told.length === tries);
    await clock.advance(waitMs - 100);
    expect(ops.tries).toHaveLength(tries);
    await clock.advance(200);
  }
  await until(isEmpty(store));
  expect(ops.tries).toEqual(["one", "one", "one", "one", "two"]);
  expect(ops.ids.size).toBe(2);
});

test("a message that is refused steps aside for the others", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  ops.failures = [refused()];
  const { outbox, clock } = await makeOutbox(store, [ops]);
  await outbox.enqueue(["ops"], [message("one"), message("two")]);
  await until(() => ops.tries.length === 2);
  expect(await store.listDeliveries()).toMatchObject([{ attempts: 1, lastError: 'channel "ops": no' }]);
  await until(() => clock.sleeping > 0);
  await clock.advance(6_000);
  await until(isEmpty(store));
  expect(ops.tries).toEqual(["one", "two", "one"]);
});

test("a channel that takes nothing from us is not hammered with all that waits", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  ops.failures = [channelError("CHANNEL_DENIED", "who are you")];
  const { outbox, clock } = await makeOutbox(store, [ops]);
  await outbox.enqueue(["ops"], [message("one"), message("two"), message("three")]);
  await until(async () => (await store.listDeliveries())[0]?.attempts === 1 && clock.sleeping > 0);
  expect(ops.tries).toEqual(["one"]);
  await clock.advance(6_000);
  await until(isEmpty(store));
});

test("the channel's word on when to come back counts", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  ops.failures = [channelError("CHANNEL_UNREACHABLE", "busy", { retryAfterMs: 20_000 })];
  const { outbox, clock } = await makeOutbox(store, [ops]);
  await outbox.enqueue(["ops"], [message("one")]);
  await until(async () => (await store.listDeliveries())[0]?.attempts === 1 && clock.sleeping > 0);
  await clock.advance(19_000);
  expect(ops.tries).toHaveLength(1);
  await clock.advance(1_500);
  await until(isEmpty(store));
});

test("after a day a message is given up, and that is told", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  ops.failures = Array.from({ length: 100 }, down);
  const { outbox, clock, told } = await makeOutbox(store, [ops]);
  await outbox.enqueue(["ops"], [message("one")]);
  for (let look = 0; look < 1000 && !told.at(-1)?.endsWith("for good"); look += 1) {
    await until(() => clock.sleeping > 0);
    await clock.advance(600_000);
  }
  expect(told.at(-1)).toMatch(/for good$/);
  expect(clock.now() - new SteppedClock().now()).toBeLessThan(26 * 3_600_000);
});

test("what a process did not send, the next one sends", async () => {
  const path = `${temporaryFolder()}/state.db`;
  const store = await openStore(path);
  const dead = new ScriptedChannel();
  dead.failures = [down()];
  const first = await makeOutbox(store, [dead]);
  await first.outbox.enqueue(["ops"], [message("one"), message("two")]);
  await until(() => first.told.length === 1);
  await first.outbox.close();
  const alive = new ScriptedChannel();
  const clock = new SteppedClock(first.clock.now() + 10_000);
  await makeOutbox(await openStore(path), [alive], clock);
  await until(() => alive.tries.length === 2);
  expect(alive.tries).toEqual(["one", "two"]);
  expect([...dead.ids].filter((id) => alive.ids.has(id))).toHaveLength(1);
});

test("two processes on one store send a message once", async () => {
  const store = await openStore();
  const [here, there] = [new ScriptedChannel(), new ScriptedChannel()];
  const first = await makeOutbox(store, [here]);
  const second = await makeOutbox(store, [there], first.clock);
  await first.outbox.enqueue(["ops"], [message("one"), message("two"), message("three")]);
  await second.outbox.enqueue(["ops"], [message("four")]);
  await until(isEmpty(store));
  expect([...here.tries, ...there.tries].toSorted()).toEqual(["four", "one", "three", "two"]);
});

test("a message that a process was sending when it died is sent again after a while", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  const { clock } = await makeOutbox(store, [ops]);
  const waits = { attempts: 0, nextAttemptAt: 0, claimedUntil: clock.now() + 60_000, lastError: null };
  await store.enqueue(
    [],
    [{ id: "msg_1", channelId: "ops", createdAt: clock.now(), message: message("one"), ...waits }],
  );
  await until(() => clock.sleeping > 0);
  await clock.advance(30_000);
  await until(() => clock.sleeping > 0);
  expect(ops.tries).toEqual([]);
  await clock.advance(31_000);
  await until(() => ops.tries.length === 1);
});

test("a flush waits no longer than it may, and what waits stays", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  const gate = Promise.withResolvers<void>();
  ops.gate = gate.promise;
  const { outbox, clock } = await makeOutbox(store, [ops]);
  await outbox.enqueue(["ops"], [message("one")]);
  const flushed = outbox.flush(1000);
  await until(() => clock.sleeping > 0);
  await clock.advance(1000);
  expect(await flushed).toBe(1);
  gate.resolve();
  expect(await outbox.flush(1000)).toBe(0);
});

test("what some recipients took is sent again to the others alone, and holds up nobody", async () => {
  const store = await openStore();
  const ops = new ScriptedChannel();
  ops.failures = [new PartialDelivery("ops", ["night"], "550 no such box")];
  const { outbox, clock } = await makeOutbox(store, [ops]);
  await outbox.enqueue(["ops"], [message("one"), message("two")]);
  await until(() => ops.tries.length === 2);
  expect(await store.listDeliveries()).toMatchObject([{ attempts: 1, to: ["night"] }]);
  await until(() => clock.sleeping > 0);
  await clock.advance(6_000);
  await until(isEmpty(store));
  expect(ops.tries).toEqual(["one", "two", "one to night"]);
});

test("a message that was put off, or claimed, while a clock was years ahead is sent now", async () => {
  const store = await openStore();
  const clock = new SteppedClock();
  const ahead = clock.now() + 2 * 365 * 86_400_000;
  const late = { channelId: "ops", attempts: 1, lastError: "down", createdAt: ahead };
  await store.enqueue(
    [],
    [
      { ...late, id: "1", message: message("put off"), nextAttemptAt: ahead, claimedUntil: 0 },
      { ...late, id: "2", message: message("claimed"), nextAttemptAt: clock.now(), claimedUntil: ahead },
    ],
  );
  const channel = new ScriptedChannel();
  await makeOutbox(store, [channel], clock);
  await until(isEmpty(store));
  expect(channel.tries.toSorted()).toEqual(["claimed", "put off"]);
});

test("a channel that rests does not rest longer because the clock was set back meanwhile", async () => {
  const store = await openStore();
  const channel = new ScriptedChannel();
  channel.failures = [down()];
  const { outbox, clock } = await makeOutbox(store, [channel]);
  await outbox.enqueue(["ops"], [message("one")]);
  await until(() => channel.tries.length === 1);
  await until(async () => (await store.listDeliveries())[0]?.attempts === 1);
  clock.setWallClock(clock.now() - 400 * 86_400_000);
  await until(async () => {
    await clock.advance(30_000);
    return isEmpty(store)();
  });
  expect(channel.tries).toEqual(["one", "one"]);
});

test("a process does not wait for a channel that an earlier one found down, and tries it when its rest is over", async () => {
  const path = `${temporaryFolder()}/state.db`;
  const dead = new ScriptedChannel();
  dead.failures = [down()];
  const first = await makeOutbox(await openStore(path), [dead]);
  await first.outbox.enqueue(["ops"], [message("one")]);
  await until(() => first.told.length === 1);
  await first.outbox.close();
  const store = await openStore(path);
  const silent = new ScriptedChannel();
  silent.gate = new Promise(() => undefined);
  const clock = new SteppedClock(first.clock.now());
  const second = await makeOutbox(store, [silent], clock);
  await second.outbox.enqueue(["ops"], [message("two")]);
  expect(await second.outbox.flush(10_000)).toBe(2);
  expect(silent.tries).toEqual([]);
  await until(() => clock.sleeping > 0);
  await clock.advance(6_000);
  await until(() => silent.tries.length === 1);
});

test("nobody waits for a message that is not due", async () => {
  const store = await openStore();
  const clock = new SteppedClock();
  const late = { channelId: "ops", attempts: 1, lastError: "no", createdAt: clock.now(), claimedUntil: 0 };
  await store.enqueue(
    [],
    [{ ...late, id: "1", message: message("one"), nextAttemptAt: clock.now() + 9_000 }],
  );
  const { outbox } = await makeOutbox(store, [new ScriptedChannel()], clock);
  expect(await outbox.flush(10_000)).toBe(1);
});
