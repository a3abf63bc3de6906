import { describe, expect, test } from "vitest";
import { runRecord } from "../../../test/support/run-record.ts";
import type { RunErrorGroup } from "../../domain/run-record.ts";
import type { AlertRule, AlertRuleName } from "./alert-rule.ts";
import { evaluate, watches } from "./evaluate.ts";
import type { ConnectorSignals, ServerSignals } from "./signals.ts";

const now = Date.UTC(2026, 0, 2);
const hour = 3_600_000;

const healthy: ConnectorSignals = {
  kind: "connector",
  connectorId: "notes",
  isPaused: false,
  lastRun: runRecord({ connectorId: "notes" }),
  failuresInARow: 0,
  lastSyncAt: now - hour,
  knownSince: now - 100 * hour,
  deadLetters: 0,
  unfinished: 0,
  waitingSince: null,
  lastMovedAt: now - hour,
  truncated: null,
  heldRatio: null,
};
const server: ServerSignals = {
  kind: "server",
  name: "memory_api https://m.example",
  state: "answers",
  lastError: null,
  until: null,
};
const error = (code: string, message = "what happened"): RunErrorGroup =>
  ({ code, message, hint: "what to do", count: 1, examples: [] }) as RunErrorGroup;
const failed = (code: string) => runRecord({ outcome: "failed", errors: [error(code, "SECRET WORDS")] });
const rule = (name: AlertRuleName, limit = 0): AlertRule => ({ name, limit, connectors: null });

interface Case {
  name: AlertRuleName;
  limit?: number;
  signals: Partial<ConnectorSignals>;
  state: "firing" | "fine" | "unknown";
}

const cases: readonly Case[] = [
  { name: "consecutive_failures", limit: 3, signals: { failuresInARow: 2 }, state: "fine" },
  { name: "consecutive_failures", limit: 3, signals: { failuresInARow: 3 }, state: "firing" },
  { name: "no_sync_for_hours", limit: 2 * hour, signals: {}, state: "fine" },
  { name: "no_sync_for_hours", limit: hour, signals: {}, state: "firing" },
  { name: "no_sync_for_hours", limit: hour, signals: { isPaused: true }, state: "unknown" },
  { name: "no_sync_for_hours", limit: hour, signals: { lastSyncAt: null }, state: "firing" },
  { name: "no_sync_for_hours", limit: 200 * hour, signals: { lastSyncAt: null }, state: "fine" },
  {
    name: "no_sync_for_hours",
    limit: hour,
    signals: { lastSyncAt: null, knownSince: null },
    state: "unknown",
  },
  { name: "dead_letters_over", limit: 2, signals: { deadLetters: 2 }, state: "fine" },
  { name: "dead_letters_over", limit: 2, signals: { deadLetters: 3 }, state: "firing" },
  { name: "dead_letters_over", limit: 0, signals: { deadLetters: 1 }, state: "firing" },
  { name: "stale", limit: hour, signals: { lastMovedAt: 0 }, state: "fine" },
  { name: "stale", limit: hour, signals: { unfinished: 5, waitingSince: now - 9 * hour }, state: "firing" },
  { name: "stale", limit: 2 * hour, signals: { unfinished: 5, waitingSince: now - 9 * hour }, state: "fine" },
  {
    name: "stale",
    limit: hour,
    signals: { unfinished: 5, waitingSince: now - 1, lastMovedAt: 0 },
    state: "fine",
  },
  {
    name: "stale",
    limit: hour,
    signals: { unfinished: 5, waitingSince: 0, isPaused: true },
    state: "unknown",
  },
  {
    name: "stale",
    limit: hour,
    signals: { unfinished: 5, waitingSince: 0, lastRun: runRecord({ counts: { waiting: 5 } }) },
    state: "fine",
  },
  {
    name: "stale",
    limit: hour,
    signals: { unfinished: 6, waitingSince: 0, lastRun: runRecord({ counts: { waiting: 5 } }) },
    state: "firing",
  },
  {
    name: "stale",
    limit: hour,
    signals: {
      unfinished: 5,
      waitingSince: 0,
      lastRun: runRecord({ outcome: "failed", counts: { waiting: 5 } }),
    },
    state: "firing",
  },
  {
    name: "media_waiting_over",
    limit: 2,
    signals: { lastRun: runRecord({ waitingForMedia: 2 }) },
    state: "fine",
  },
  {
    name: "media_waiting_over",
    limit: 2,
    signals: { lastRun: runRecord({ waitingForMedia: 3 }) },
    state: "firing",
  },
  { name: "media_waiting_over", signals: { lastRun: failed("SOURCE_TIMEOUT") }, state: "unknown" },
  { name: "media_waiting_over", signals: {}, state: "fine" },
  { name: "truncated", signals: {}, state: "fine" },
  { name: "truncated", signals: { truncated: "100 of 100" }, state: "firing" },
  { name: "budget_spent", signals: {}, state: "fine" },
  { name: "budget_spent", signals: { lastRun: runRecord({ counts: { waiting: 4 } }) }, state: "fine" },
  {
    name: "budget_spent",
    signals: { lastRun: runRecord({ counts: { waiting: 4 }, budgetSpent: true }) },
    state: "firing",
  },
  { name: "budget_spent", signals: { lastRun: runRecord({ outcome: "cancelled" }) }, state: "unknown" },
  { name: "budget_spent", signals: { lastRun: null }, state: "unknown" },
  { name: "resend_ratio", signals: {}, state: "fine" },
  {
    name: "resend_ratio",
    limit: 50,
    signals: { lastRun: failed("RUN_HELD"), heldRatio: 0.5 },
    state: "firing",
  },
  {
    name: "resend_ratio",
    limit: 51,
    signals: { lastRun: failed("RUN_HELD"), heldRatio: 0.5 },
    state: "fine",
  },
  { name: "resend_ratio", signals: { lastRun: failed("SOURCE_TIMEOUT") }, state: "unknown" },
];

test.each(cases)("$name $limit is $state with $signals", ({ name, limit, signals, state }) => {
  expect(evaluate(rule(name, limit), { ...healthy, ...signals }, now).state).toBe(state);
});

describe("breaker_open", () => {
  test.each([
    ["answers", "fine"],
    ["left-alone", "firing"],
    ["unknown", "unknown"],
  ] as const)("a server that %s makes it %s", (state, expected) => {
    expect(evaluate(rule("breaker_open"), { ...server, state }, now).state).toBe(expected);
  });

  test("it concerns servers and no connector, and the other rules connectors and no server", () => {
    expect([watches(rule("breaker_open"), server), watches(rule("breaker_open"), healthy)]).toEqual([
      true,
      false,
    ]);
    expect([watches(rule("stale"), server), watches(rule("stale"), healthy)]).toEqual([false, true]);
  });
});

test("a rule for some connectors leaves the others alone", () => {
  expect(watches({ ...rule("stale"), connectors: ["other"] }, healthy)).toBe(false);
  expect(watches({ ...rule("stale"), connectors: ["other", "notes"] }, healthy)).toBe(true);
});

test("the text says why the last run failed, except where that could quote a memory", () => {
  const signals = (code: string) => ({ ...healthy, failuresInARow: 1, lastRun: failed(code) });
  expect(evaluate(rule("consecutive_failures", 1), signals("SOURCE_TIMEOUT"), now)).toEqual({
    state: "firing",
    title: "1 run of notes failed in a row",
    text: "SOURCE_TIMEOUT: SECRET WORDS · what to do",
  });
  expect(evaluate(rule("consecutive_failures", 1), signals("SINK_DOCUMENT_FAILED"), now)).toMatchObject({
    text: "SINK_DOCUMENT_FAILED: what to do",
  });
});
