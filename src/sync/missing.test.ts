import { expect, test } from "vitest";
import { newRow } from "../state/ledger.ts";
import type { LedgerRow } from "../state/ledger-row.ts";
import { judgeRemovals, writeMissing } from "./missing.ts";
import type { Reading } from "./reading.ts";
import { RunReport } from "./report.ts";
import type { RunContext } from "./run-context.ts";
import { ShownMemories } from "./shown-memories.ts";
import type { DeletionSettings } from "./sync-settings.ts";

const now = Date.UTC(2026, 0, 1);
const page = (...ids: string[]) =>
  ({ memories: ids.map((id) => ({ id })), malformed: [], truncated: null }) as never;

/** A ledger of delivered memories, a listing of some of them, and what the source shows when it is asked again. */
function world(
  known: readonly string[],
  shownIds: readonly string[],
  change: Partial<DeletionSettings> = {},
  again = shownIds,
) {
  const rows = known.map(
    (memoryId): LedgerRow => ({
      ...newRow({ connectorId: "c", contextId: "x", memoryId }, `${memoryId}.md`, 0),
      status: "processed",
      memoryCreatedAt: now - 3_600_000,
    }),
  );
  const applied: string[] = [];
  const listings: string[] = [];
  const options = { runId: "r", trigger: "cli", force: false, wait: true, filter: {} } as const;
  const run = {
    settings: {
      connectorId: "c",
      queryLimit: 10,
      deletions: {
        policy: "propagate",
        graceListings: 1,
        gracePeriodMs: 0,
        maxPercent: 10,
        alwaysAllowed: 1,
        ...change,
      },
    },
    options,
    report: new RunReport("c", options, now),
    events: { emit: () => {} },
    clock: { now: () => now },
    state: { pageRows: async () => ({ rows, next: null }) },
    source: {
      async *list({ range }: { range: string }) {
        listings.push(range);
        yield page(...again);
      },
    },
    ledger: {
      apply: async (changes: { row: LedgerRow; event: { type: string } }[]) =>
        void applied.push(...changes.map(({ row, event }) => `${row.memoryId} ${event.type}`)),
    },
  };
  const shown = new ShownMemories();
  shown.add(page(...shownIds));
  const reading = {
    scope: { connectorId: "c", contextId: "x" },
    range: "all",
    startedAt: now,
    shown,
    truncated: null,
    learnt: { lore: null },
  };
  return { run: run as unknown as RunContext, reading: reading as unknown as Reading, applied, listings };
}

const ten = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const nothing = { withdrawn: 0, delivered: 10 };

test("one of ten may be missing, two are suspect, and the reason is told once", async () => {
  const one = world(ten, ten.slice(1));
  expect(await judgeRemovals(one.run, one.reading, nothing)).toBeNull();
  const two = world(ten, ten.slice(2));
  expect(await judgeRemovals(two.run, two.reading, nothing)).toContain("2 of 10 known memories are missing");
  expect(two.run.report.truncated).toContain("nothing was deleted");
});

test("what has lost its text counts with it, and alone where nobody asks for what is missing", async () => {
  const both = world(ten, ten.slice(1));
  expect(await judgeRemovals(both.run, both.reading, { withdrawn: 1, delivered: 9 })).toContain(
    "1 are missing and 1 have lost",
  );
  const alone = world(ten, ten, { policy: "ignore" });
  expect(await judgeRemovals(alone.run, alone.reading, { withdrawn: 2, delivered: 10 })).toContain(
    "2 of 10 known memories have lost their text",
  );
  expect(await judgeRemovals(alone.run, alone.reading, { withdrawn: 1, delivered: 10 })).toBeNull();
});

test("an empty list of a known context is not believed, however few it knows", async () => {
  const { run, reading } = world(["a"], []);
  expect(await judgeRemovals(run, reading, { withdrawn: 0, delivered: 0 })).toContain("it is empty");
});

test("the floor is a number, and a hundred per cent believes everything", async () => {
  const floor = world(ten, ten.slice(4), { alwaysAllowed: 4 });
  expect(await judgeRemovals(floor.run, floor.reading, nothing)).toBeNull();
  const all = world(ten, [], { maxPercent: 100 });
  expect(await judgeRemovals(all.run, all.reading, nothing)).toBeNull();
});

test("a memory that no earlier listing has missed is asked for once more before it counts as deleted", async () => {
  const gone = world(ten, ten.slice(1));
  expect(await writeMissing(gone.run, gone.reading)).toBeNull();
  expect(gone).toMatchObject({ applied: ["a vanish"], listings: ["all"] });
  const back = world(ten, ten.slice(1), {}, ten);
  expect(await writeMissing(back.run, back.reading)).toBeNull();
  expect(back).toMatchObject({ applied: [], listings: ["all"] });
  const patient = world(ten, ten.slice(1), { graceListings: 2 });
  await writeMissing(patient.run, patient.reading);
  expect(patient).toMatchObject({ applied: ["a missing"], listings: [] });
});

test("a listing that is doubted proves no absence", async () => {
  const { run, reading, applied } = world(ten, ten.slice(1));
  reading.truncated = "cut";
  expect(await writeMissing(run, reading)).toBeNull();
  expect(applied).toEqual([]);
});
