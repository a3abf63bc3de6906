import { expect, test } from "vitest";
import { runRecord } from "../../test/support/run-record.ts";
import { type LedgerStatus, ledgerStatuses } from "./ledger-row.ts";
import { interrupted, type RunCounts } from "./run-record.ts";

type Rows = Partial<Record<LedgerStatus, number>>;

const rowsOf = (rows: Rows) =>
  Object.fromEntries(ledgerStatuses.map((status) => [status, rows[status] ?? 0])) as Record<
    LedgerStatus,
    number
  >;

interface Killed {
  before?: Rows;
  now: Rows;
  /** What it had to settle; left out, it had not come to its delivery. */
  total?: number;
  saved?: Partial<RunCounts>;
}

function countsOf({ before, now, total, saved = {} }: Killed): RunCounts {
  const delivery = total === undefined ? null : { total, since: { at: 0, done: 0 } };
  const record = runRecord({
    outcome: "running",
    endedAt: null,
    counts: saved,
    ...(before && { before: rowsOf(before) }),
    progress: { savedAt: 1, phase: "deliver", delivery, waits: null },
  });
  return interrupted(record, rowsOf(now)).counts;
}

test.each<[string, Killed, Partial<RunCounts>]>([
  [
    "a first run that was killed before it was saved once",
    { before: {}, now: { processed: 12, submitted: 5, pending: 3 } },
    { new: 20, processed: 12, submitted: 17, unproved: 5, waiting: 3 },
  ],
  [
    "a later run: what was there before is not its own",
    { before: { processed: 100, submitted: 2 }, now: { processed: 110, submitted: 4, dead: 1 } },
    { new: 13, processed: 10, submitted: 12, dead: 1 },
  ],
  [
    "a run of changed memories, which come to no new rows",
    { before: { processed: 50 }, now: { processed: 42, pending: 8 }, total: 30 },
    { new: 0, processed: 22, submitted: 22, waiting: 8 },
  ],
  [
    "what was saved is never made less: the connector may have been reset since",
    { before: { processed: 9 }, now: {}, saved: { new: 4, processed: 3, submitted: 3, dead: 1 } },
    { new: 4, processed: 3, submitted: 3, dead: 1 },
  ],
  [
    "documents that LightRAG had already are proved and not sent",
    { before: {}, now: { processed: 10 }, saved: { adopted: 10 } },
    { processed: 10, submitted: 0 },
  ],
  [
    "dead letters, removals and skipped memories are settled and not proved",
    { before: {}, now: { processed: 1, dead: 2, deleted: 3, skipped: 4 }, total: 10 },
    { processed: 1, dead: 2 },
  ],
  [
    "a record of an earlier version says what it says",
    { now: { processed: 12 }, saved: { processed: 5 } },
    { processed: 5, new: 0 },
  ],
])("%s", (_, killed, counts) => {
  expect(countsOf(killed)).toMatchObject(counts);
});

test("what only a run under way needs is gone with it", () => {
  const record = runRecord({ outcome: "running", endedAt: null, before: rowsOf({}) });
  expect(interrupted(record, rowsOf({}))).not.toHaveProperty("before");
});
