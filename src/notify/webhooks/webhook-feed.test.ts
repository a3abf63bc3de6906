import { expect, onTestFinished, test } from "vitest";
import { runRecord } from "../../../test/support/run-record.ts";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import type { Message } from "../../state/message.ts";
import type { NotifyEvents } from "../events.ts";
import type { WebhookSource } from "./describe-event.ts";
import { type Subscription, WebhookFeed } from "./webhook-feed.ts";

/** A feed into an outbox that a test looks into, and that fails or fills up as it says. */
function startFeed(subscriptions: readonly Subscription[]) {
  const clock = new SteppedClock();
  const bus = new EventBus<WebhookSource & NotifyEvents>();
  const sent: { channelId: string; message: Message }[] = [];
  const outbox = {
    waitingMessages: 0,
    failure: null as Error | null,
    enqueue: async ([channelId = ""]: readonly string[], [message]: readonly Message[]) => {
      if (outbox.failure !== null) throw outbox.failure;
      if (message !== undefined) sent.push({ channelId, message });
    },
    waiting: () => outbox.waitingMessages,
  };
  let dropped = 0;
  bus.on("notify:dropped", ({ count }) => {
    dropped += count;
  });
  const feed = new WebhookFeed({
    source: bus,
    subscriptions: () => subscriptions,
    outbox,
    clock,
    events: bus,
  });
  onTestFinished(() => feed.close());
  const ingest = (count: number, connectorId = "notes") => {
    for (let n = 0; n < count; n += 1) {
      const item = { runId: "run-1", connectorId, contextId: "CTX", memoryId: `m${n}` };
      bus.emit("item:changed", { ...item, from: "submitted", to: "processed" });
    }
  };
  return { bus, clock, feed, outbox, sent, ingest, dropped: () => dropped };
}

const all: Subscription = { id: "all", events: null, connectors: null };
const sizes = (sent: { message: Message }[]) => sent.map(({ message }) => message.events.length);
const types = (sent: { message: Message }[]) =>
  sent.flatMap(({ message }) => message.events.map(({ type }) => type));

test("events of a second share a message, and a full message leaves at once", async () => {
  const { clock, sent, ingest } = startFeed([all]);
  ingest(3);
  await clock.advance(900);
  expect(sent).toEqual([]);
  await clock.advance(200);
  expect(sizes(sent)).toEqual([3]);
  ingest(600);
  await clock.advance(0);
  expect(sizes(sent)).toEqual([3, 250, 250, 100]);
});

test("each is told what it asked for: kinds of events, connectors, and what concerns no connector only with all", async () => {
  const { bus, feed, sent, ingest } = startFeed([
    { id: "kinds", events: ["job.completed", "job.failed"], connectors: null },
    { id: "one", events: null, connectors: ["notes"] },
  ]);
  ingest(1);
  ingest(1, "other");
  bus.emit("run:end", { record: runRecord({ connectorId: "other", outcome: "partial" }) });
  bus.emit("run:end", { record: runRecord({ connectorId: "notes", outcome: "interrupted" }) });
  await feed.flush();
  const of = (id: string) => types(sent.filter(({ channelId }) => channelId === id));
  expect(of("kinds")).toEqual(["job.completed", "job.failed"]);
  expect(of("one")).toEqual(["memory.ingested", "job.failed"]);
});

test("every kind of event is told, without words of a memory", async () => {
  const { bus, feed, sent } = startFeed([all]);
  const run = { runId: "run-1", connectorId: "notes" };
  const item = { ...run, contextId: "CTX", memoryId: "m1" };
  const error = { code: "SINK_DOCUMENT_FAILED", message: "WORDS", hint: "look" } as const;
  bus.emit("run:start", { ...run, trigger: "cli", startedAt: 0 });
  bus.emit("item:changed", { ...item, from: "pending", to: "submitting" });
  bus.emit("item:changed", { ...item, from: "submitted", to: "processed" });
  bus.emit("item:changed", { ...item, from: "deleting", to: "deleted" });
  bus.emit("item:failed", { ...item, error, attempts: 1, nextAttemptAt: 0 });
  bus.emit("item:dead", { ...item, error });
  bus.emit("run:held", { ...run, reason: "resend", ratio: 0.5 });
  bus.emit("run:end", {
    record: runRecord({ ...run, outcome: "failed", errors: [{ ...error, count: 1, examples: [] }] }),
  });
  bus.emit("run:end", { record: runRecord({ ...run, outcome: "cancelled" }) });
  bus.emit("schedule:run-failed", { ...run, error: new ConnectorError("INTERNAL", "WORDS") });
  bus.emit("schedule:change", { connectorId: "notes", change: "paused" });
  await feed.flush();
  expect(types(sent)).toEqual([
    "job.started",
    "memory.ingested",
    "memory.deleted",
    "memory.failed",
    "memory.dead",
    "job.held",
    "job.failed",
    "job.cancelled",
    "job.failed",
    "connector.changed",
  ]);
  expect(JSON.stringify(sent)).not.toContain("WORDS");
});

test("when too many messages wait, events are dropped, and the next message says how many", async () => {
  const { outbox, feed, sent, ingest, dropped } = startFeed([all]);
  outbox.waitingMessages = 400;
  ingest(20);
  await feed.flush();
  expect([sent, dropped()]).toEqual([[], 20]);
  outbox.waitingMessages = 399;
  ingest(1);
  await feed.flush();
  ingest(1);
  await feed.flush();
  expect(sent.map(({ message }) => message.dropped)).toEqual([20, 0]);
});

test("a store that fails loses events and no count of them", async () => {
  const { outbox, feed, sent, ingest, dropped } = startFeed([all]);
  outbox.failure = new ConnectorError("STATE_DISK_FULL", "the disk is full");
  ingest(5);
  await feed.flush();
  ingest(5);
  await feed.flush();
  outbox.failure = null;
  ingest(1);
  await feed.flush();
  expect(dropped()).toBe(10);
  expect(sent.map(({ message }) => [message.events.length, message.dropped])).toEqual([[1, 10]]);
});

test("a run that is faster than the store costs memory only up to a bound", async () => {
  const { feed, sent, ingest, dropped } = startFeed([all]);
  ingest(25_000);
  await feed.flush();
  expect(sizes(sent).reduce((sum, size) => sum + size, 0) + dropped()).toBe(25_000);
  expect(dropped()).toBe(15_000);
});
