import { expect, test } from "vitest";
import type * as z from "zod";
import type { connectorStatus } from "../operations/connectors/connector-status.ts";
import { statusText } from "./status-text.ts";

type Status = z.output<typeof connectorStatus.output>;

const limit = (spent: number, most: number) => ({ spent, limit: most, left: most - spent });
const status = {
  id: "one",
  enabled: true,
  nextRuns: [],
  memories: { processed: 1_234_567, dead: 10_000 },
  lastRun: null,
  activeRun: null,
  openRunId: null,
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
  const text = statusText(status, { type: "manual" } as Parameters<typeof statusText>[1], 0);
  expect(text.match(/\d{4,}/gu)).toBeNull();
  expect(text.match(/[\d,]+,\d{3}/gu)).toEqual([
    ...["1,234,567", "10,000", "2,000", "3,000", "4,000", "5,000"],
    ...["6,000", "7,000", "80,000", "9,000", "10,000"],
  ]);
});
