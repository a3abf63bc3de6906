import { expect, test } from "vitest";
import { runRecord } from "../../../test/support/run-record.ts";
import type { StoredAlert } from "../../state/notification-store.ts";
import { alertMessage } from "./alert-message.ts";
import type { AlertRule } from "./alert-rule.ts";
import { decide, forgotten, type Situation } from "./decide.ts";
import type { ConnectorSignals } from "./signals.ts";

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const rule: AlertRule = { name: "dead_letters_over", limit: 0, connectors: null };

const connector = (deadLetters: number, connectorId = "notes"): ConnectorSignals => ({
  kind: "connector",
  connectorId,
  isPaused: false,
  lastRun: runRecord(),
  failuresInARow: 0,
  lastSyncAt: start,
  knownSince: start,
  deadLetters,
  unfinished: 0,
  waitingSince: null,
  lastMovedAt: null,
  truncated: null,
  heldRatio: null,
});

/** Decides repeatedly, as a watch does, and collects what is sent. */
class Story {
  stored = new Map<string, StoredAlert>();
  readonly told: string[] = [];

  at(hours: number, deadLetters: number, change: Partial<Situation> = {}): this {
    const situation = { rules: [rule], signals: [connector(deadLetters)], remindEveryMs: null, ...change };
    const changes = decide({ ...situation, stored: [...this.stored.values()], now: start + hours * hour });
    for (const { status, alert } of changes) {
      this.told.push(`${hours} ${status} ${alert.title}`);
      this.stored.set(alert.id, { ...alert, version: alert.version + 1 });
    }
    return this;
  }
}

test("a condition is told once when it begins and once when it ends", () => {
  const { told } = new Story().at(0, 0).at(1, 2).at(2, 2).at(3, 5).at(4, 0).at(5, 0).at(6, 1);
  expect(told).toEqual([
    "1 firing notes has 2 dead letters",
    "4 resolved notes has 2 dead letters",
    "6 firing notes has 1 dead letter",
  ]);
});

test("while it lasts it is told again as often as reminders are wanted, as it is then", () => {
  const remindEveryMs = 3 * hour;
  const story = new Story();
  for (let hours = 0; hours < 8; hours += 1) story.at(hours, 1 + hours, { remindEveryMs });
  expect(story.told).toEqual([
    "0 firing notes has 1 dead letter",
    "3 reminder notes has 4 dead letters",
    "6 reminder notes has 7 dead letters",
  ]);
});

test("what is not known changes nothing", () => {
  const noSync: AlertRule = { name: "no_sync_for_hours", limit: hour, connectors: null };
  const paused = { ...connector(0), isPaused: true };
  const { told } = new Story()
    .at(2, 0, { rules: [noSync] })
    .at(3, 0, { rules: [noSync], signals: [paused] })
    .at(4, 0, { rules: [noSync], signals: [{ ...connector(0), lastSyncAt: start + 4 * hour }] });
  expect(told.map((line) => line.slice(0, 10))).toEqual(["2 firing n", "4 resolved"]);
});

test("connectors have alerts of their own", () => {
  const signals = [connector(1, "a"), connector(0, "b"), connector(2, "c")];
  const { told } = new Story().at(1, 0, { signals });
  expect(told).toEqual(["1 firing a has 1 dead letter", "1 firing c has 2 dead letters"]);
});

test("alerts of rules, numbers and connectors that are gone are forgotten", () => {
  const story = new Story().at(1, 9);
  const stored = [...story.stored.values()];
  const ids = stored.map(({ id }) => id);
  const idsWithout = (change: Partial<Situation>) =>
    forgotten({ rules: [rule], signals: [connector(0)], stored, now: start, ...change });
  expect(idsWithout({})).toEqual([]);
  expect(idsWithout({ rules: [] })).toEqual(ids);
  expect(idsWithout({ rules: [{ ...rule, limit: 1 }] })).toEqual(ids);
  expect(idsWithout({ signals: [connector(0, "other")] })).toEqual(ids);
});

test("the alert of a server that nobody asks is forgotten after a week, or with its rule", () => {
  const breaker: AlertRule = { name: "breaker_open", limit: 0, connectors: null };
  const server = {
    kind: "server",
    name: "memory_api http://m",
    state: "left-alone",
    lastError: null,
    until: null,
  } as const;
  const all = { remindEveryMs: null, now: start };
  const stored = decide({ rules: [breaker], signals: [server], stored: [], ...all }).map(
    ({ alert }) => alert,
  );
  const count = (rules: AlertRule[], days: number) =>
    forgotten({ rules, signals: [], stored, now: start + days * 24 * hour }).length;
  expect([count([breaker], 0), count([breaker], 6), count([breaker], 7), count([rule], 0)]).toEqual([
    0, 0, 1, 1,
  ]);
});

test("messages read well, and say the same to programs", () => {
  const [begun = expect.unreachable()] = decide({
    rules: [rule],
    signals: [connector(1)],
    stored: [],
    remindEveryMs: null,
    now: start,
  });
  if (begun.status === "quiet") expect.unreachable();
  expect(alertMessage(begun)).toMatchObject({
    title: "notes has 1 dead letter",
    tone: "bad",
    events: [
      {
        type: "alert.firing",
        at: "2026-01-01T00:00:00.000Z",
        connectorId: "notes",
        data: { rule: "dead_letters_over", alertId: begun.alert.id, reminder: false, resolvedAt: null },
      },
    ],
  });
  const resolved = {
    status: "resolved",
    alert: { ...begun.alert, resolvedAt: start + 90 * 60_000 },
  } as const;
  expect(alertMessage(resolved)).toMatchObject({
    title: "Resolved: notes has 1 dead letter",
    text: "It lasted 1 h 30 min, since 2026-01-01T00:00:00Z.",
    tone: "good",
    events: [{ type: "alert.resolved", data: { resolvedAt: "2026-01-01T01:30:00.000Z" } }],
  });
  expect(alertMessage({ ...begun, status: "reminder" })).toMatchObject({
    title: "Still: notes has 1 dead letter",
    events: [{ type: "alert.firing", data: { reminder: true } }],
  });
});

test("a condition that comes and goes is told twice a day at most, and its end when it has settled", () => {
  const story = new Story();
  for (let hours = 0; hours < 10; hours += 0.5) story.at(hours, hours % 1 === 0 ? 1 : 0);
  expect(story.told.filter((line) => !line.includes("quiet"))).toEqual([
    "0 firing notes has 1 dead letter",
    "0.5 resolved notes has 1 dead letter",
    "1 firing notes has 1 dead letter",
  ]);
  story.at(10.4, 0).at(11, 0);
  expect(story.told.at(-1)).toBe("11 resolved notes has 1 dead letter");
  expect([...story.stored.values()]).toMatchObject([{ resolvedAt: start + 9.5 * hour, fineSince: null }]);
  story.at(48, 1).at(49, 0);
  expect(story.told.at(-1)).toBe("49 resolved notes has 1 dead letter");
});
