import { expect, test } from "vitest";
import type * as z from "zod";
import { ledgerStatuses } from "../domain/ledger-row.ts";
import type { connectorStatus } from "../operations/connectors/connector-status.ts";
import { statusText } from "./status-text.ts";

type Status = z.output<typeof connectorStatus.output>;

const noRows = Object.fromEntries(ledgerStatuses.map((name) => [name, 0])) as Status["memories"];
const manual = { type: "manual" } as Parameters<typeof statusText>[1];
const limit = (spent: number, most: number) => ({ spent, limit: most, left: most - spent });
const status = {
  id: "one",
  enabled: true,
  nextRuns: [],
  memories: { ...noRows, processed: 1_234_567, dead: 10_000 },
  lastRun: null,
  activeRun: null,
  openRunId: null,
  nextRunAt: null,
  pausedAt: null,
  pauseNote: null,
  overdueSince: null,
  inFlight: 2_000,
  completeAsOf: null,
  oldestUnfinishedAt: null,
  contexts: [],
  scope: {
    queryRange: "all",
    outside: 0,
    nextFullLookAt: null,
    waiting: { transcripts: 3_000, media: 0 },
    erased: 4_000,
    deadMedia: 5_000,
  },
  backfill: null,
  budget: {
    documents: limit(6_000, 7_000),
    characters: limit(0, 80_000),
    tokens: limit(0, 9_000),
    waiting: 0,
  },
} as unknown as Status;

test("whatever is counted in thousands is written so, on every line", () => {
  const text = statusText(status, manual, 0);
  expect(text.match(/\d{4,}/gu)).toBeNull();
  expect(text.match(/[\d,]+,\d{3}/gu)).toEqual([
    ...["1,234,567", "10,000", "2,000", "3,000", "4,000", "5,000"],
    ...["6,000", "7,000", "80,000", "9,000", "10,000"],
  ]);
});

const behind = (change: Partial<Status>) =>
  /behind +(.*)/u.exec(statusText({ ...status, ...change }, manual, Date.UTC(2025, 0, 2)))?.[1];
const completeAsOf = "2025-01-01T23:57:00.000Z";
const oldestUnfinishedAt = "2024-12-31T08:00:00.000Z";

test.each<[string, Partial<Status>, string]>([
  ["everything is delivered", { completeAsOf }, "complete as of 3 min ago"],
  [
    "a recording could not be read yet",
    { completeAsOf, scope: { ...status.scope, waiting: { transcripts: 0, media: 1 } } },
    "listed completely as of 3 min ago",
  ],
  [
    "what was listed waits to be delivered",
    { completeAsOf, oldestUnfinishedAt, memories: { ...noRows, processed: 9, pending: 2, submitted: 1 } },
    "listed completely as of 3 min ago; 3 memories wait to be delivered, the oldest of 2024-12-31T08:00:00Z",
  ],
  [
    "a single one, whose time is not known",
    { completeAsOf, memories: { ...noRows, failed: 1 } },
    "listed completely as of 3 min ago; 1 memory waits to be delivered",
  ],
  [
    "nothing was listed to its end",
    { memories: { ...noRows, discovered: 2 } },
    "not every context was listed completely yet; 2 memories wait to be delivered",
  ],
])("how far it is behind: %s", (_, change, text) => {
  expect(behind(change)).toBe(text);
});

test("a pause says why, if whoever did it has said so", () => {
  const paused = { ...status, pausedAt: completeAsOf, pauseNote: "the model is moved" };
  expect(statusText(paused, manual, 0)).toContain("next run paused: the model is moved");
});
