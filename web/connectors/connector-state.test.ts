import { expect, test } from "vitest";
import { type Standing, standingOf } from "./connector.ts";
import { stateOf } from "./connector-state.ts";
import { connectorStatus, run } from "./test-connectors.ts";

const now = Date.parse("2025-09-21T13:42:00Z");
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
const stated = (change: Partial<Standing>) => stateOf({ ...standingOf(connectorStatus()), ...change }, now);

const active = {
  runId: "r",
  queuedAt: at(-20),
  startedAt: at(-20),
  process: null,
  phase: "deliver",
  done: 214,
  left: 166,
  documentsPerMinute: 11.2,
  secondsLeft: 900,
  waits: null,
} as const;

test("a state never stands without its reason", () => {
  const statuses: Partial<Standing>[] = [
    {},
    { enabled: false },
    { lastRun: null },
    { overdueSince: at(-100) },
    { activeRun: active },
    { activeRun: { ...active, startedAt: null } },
    { activeRun: { ...active, phase: null, done: null, left: null } },
    ...(["success", "partial", "failed", "cancelled", "interrupted"] as const).map((outcome) => ({
      lastRun: run({ outcome }),
    })),
  ];
  for (const status of statuses) {
    const { word, why } = stated(status);
    expect([word, why]).toEqual([expect.stringMatching(/\w/u), expect.stringMatching(/\w.*\.$/u)]);
  }
});

test("a run at work says how far it is and how long still", () => {
  expect(stated({ activeRun: active })).toMatchObject({
    word: "Delivers",
    rank: "at work",
    why: "214 of 380 settled, about 15 min left.",
  });
});

test("a run that waits says until when and why, and is ordered before one that works", () => {
  const waits = { until: at(23), reason: "LightRAG’s model is out of quota" };
  const { word, why, rank } = stated({ activeRun: { ...active, waits } });
  expect([word.startsWith("Waits until "), why, rank]).toEqual([
    true,
    "LightRAG’s model is out of quota.",
    "waits",
  ]);
});

test("a run that failed says what failed and what helps, and needs a person", () => {
  const error = {
    code: "SOURCE_KEY_REFUSED",
    count: 1,
    meaning: "The source did not accept the key.",
    message: "the Memory API refuses the key",
    hint: "Set a new key.",
    examples: [],
  };
  expect(stated({ lastRun: run({ outcome: "failed", errors: [error] }) })).toMatchObject({
    word: "Failed",
    rank: "needs you",
    why: "The Memory API refuses the key. Set a new key.",
  });
});

test("dead letters are named where everything else is proved", () => {
  const { word, why } = stated({ memories: { processed: 10, dead: 5 } });
  expect([word, why]).toEqual(["Up to date", "5 memories wait for a person; everything else is proved."]);
});

test("a paused connector is at rest whatever its last run was", () => {
  const status = { pausedAt: at(-60), lastRun: run({ outcome: "failed" }) };
  expect(stated(status)).toMatchObject({ word: "Paused", rank: "at rest" });
});

test("a paused connector says why in the words of whoever paused it", () => {
  const why = (pauseNote: string | null) => stated({ pausedAt: at(-60), pauseNote }).why;
  expect(why(null)).toMatch(/^Since .*\. Nothing is due until it is resumed\.$/u);
  expect(why("the model is moved")).toMatch(/^Since .*: The model is moved\.$/u);
});

test("a spent budget says what was spent and how many wait", () => {
  const share = { spent: 0, limit: null };
  const budget = {
    day: "2025-09-21",
    documents: share,
    characters: share,
    tokens: share,
    spentOut: "tokens",
    waiting: 41,
  } as const;
  expect(stated({ budget })).toMatchObject({
    word: "Waits for tomorrow",
    why: "Today’s budget of tokens is spent; 41 memories wait.",
  });
});
