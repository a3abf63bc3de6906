import { expect, test } from "vitest";
import { newRow } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { DiscoverParts } from "../discover/discover-parts.ts";
import { listAgain } from "../discover/read-context.ts";
import type { Reading } from "../discover/reading.ts";
import { RunReport } from "../report/run-report.ts";
import { SeenIds } from "../seen-ids.ts";
import type { DeletionSettings } from "../sync-settings.ts";
import { assessRemovals, detectDeletions } from "./deletions.ts";

/** With the second look that the discovery gives it. */
function detect({ run, reading }: { run: DiscoverParts; reading: Reading }): Promise<string | null> {
  const { signal } = new AbortController();
  return detectDeletions(run, reading, () => listAgain(run, reading, signal));
}

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
  const told: unknown[] = [];
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
    events: { emit: (_: string, event: unknown) => void told.push(event) },
    clock: { now: () => now },
    state: { pageRows: async () => ({ rows, next: null }) },
    source: {
      capabilities: { deletes: "diff", complete: "yes" },
      async *list({ scope }: { scope: { kind: string } }) {
        listings.push(scope.kind);
        yield page(...again);
      },
    },
    ledger: {
      apply: async (changes: { row: LedgerRow; event: { type: string } }[]) =>
        void applied.push(...changes.map(({ row, event }) => `${row.memoryId} ${event.type}`)),
    },
  };
  const shown = new SeenIds();
  shown.add(page(...shownIds));
  const reading = {
    scope: { connectorId: "c", contextId: "x" },
    range: "all",
    startedAt: now,
    shown,
    truncated: null,
    learnt: { lore: null },
  };
  return {
    run: run as unknown as DiscoverParts,
    reading: reading as unknown as Reading,
    applied,
    listings,
    rows,
    told,
  };
}

const ten = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const nothing = { withdrawn: 0, delivered: 10 };

test("one of ten may be missing, two are suspect, and the reason is told once", async () => {
  const one = world(ten, ten.slice(1));
  expect(await assessRemovals(one.run, one.reading, nothing)).toBeNull();
  const two = world(ten, ten.slice(2));
  expect(await assessRemovals(two.run, two.reading, nothing)).toContain("2 of 10 known memories are missing");
  expect(two.run.report.truncated).toContain("nothing was deleted");
});

test("what has lost its text counts with it, and alone where nobody asks for what is missing", async () => {
  const both = world(ten, ten.slice(1));
  expect(await assessRemovals(both.run, both.reading, { withdrawn: 1, delivered: 9 })).toContain(
    "1 are missing and 1 have lost",
  );
  const alone = world(ten, ten, { policy: "ignore" });
  expect(await assessRemovals(alone.run, alone.reading, { withdrawn: 2, delivered: 10 })).toContain(
    "2 of 10 known memories have lost their text or do not fit the filter any more",
  );
  expect(await assessRemovals(alone.run, alone.reading, { withdrawn: 1, delivered: 10 })).toBeNull();
});

test("a person is told of it with the command that answers, and whoever looks on with the share", async () => {
  const two = world(ten, ten.slice(2));
  await assessRemovals(two.run, two.reading, { ...nothing, withdrawn: 1 });
  expect(two.told).toEqual([{ reason: "deletions", ratio: 0.3 }]);
  expect(two.run.report.toRecord("partial", now).errors).toMatchObject([
    {
      code: "DELETIONS_SUSPECT",
      message: expect.stringContaining(
        "2 are missing and 1 have lost their text or do not fit the filter any more, more than 10 %; nothing was deleted",
      ),
      hint: expect.stringContaining("`memory-connector sync --connector-id c --accept-deletions`"),
    },
  ]);
  const fine = world(ten, ten);
  expect(await assessRemovals(fine.run, fine.reading, nothing)).toBeNull();
  expect(fine.told).toEqual([]);
});

test("a person's yes is enough, with neither guard nor grace", async () => {
  const { run, reading, applied } = world(ten, ten.slice(5), { graceListings: 9, gracePeriodMs: 9 });
  Object.assign(run.options, { acceptDeletions: true });
  expect(await assessRemovals(run, reading, { withdrawn: 9, delivered: 10 })).toBeNull();
  await detect({ run, reading });
  expect(applied).toEqual(["a vanish", "b vanish", "c vanish", "d vanish", "e vanish"]);
});

test.each([
  ["with on_delete: ignore", { policy: "ignore" }, {}],
  ["by a run of a part", {}, { filter: { since: 0 } }],
] as const)("nothing is missed %s", async (_, settings, options) => {
  const { run, reading, applied } = world(ten, ten.slice(1), settings);
  Object.assign(run.options, options);
  expect(await assessRemovals(run, reading, nothing)).toBeNull();
  expect(await detect({ run, reading })).toBeNull();
  expect(applied).toEqual([]);
});

test("nothing is missed while an item without an id may be any memory", async () => {
  const { run, reading, applied } = world(ten, ten.slice(1));
  reading.shown.add({ memories: [], malformed: [{ id: null, fingerprint: "f" }], truncated: null } as never);
  await detect({ run, reading });
  expect(applied).toEqual([]);
});

test("a second look that is not whole is not believed, and the reason is told", async () => {
  const { run, reading, applied } = world(ten, ten.slice(1));
  run.source.list = async function* () {
    yield { memories: [], malformed: [], truncated: { reason: "cut" } };
  };
  expect(await detect({ run, reading })).toBe("a second look at it was not complete: cut");
  expect(applied).toEqual([]);
});

test.each([
  [
    "one is a tombstone by policy",
    { policy: "tombstone" },
    { missing: { since: now, listings: 1 } },
    "tombstone",
  ],
  [
    "the grace wants more time",
    { gracePeriodMs: 100 },
    { missing: { since: now - 99, listings: 5 } },
    "missing",
  ],
  [
    "the grace is over",
    { gracePeriodMs: 100, graceListings: 6 },
    { missing: { since: now - 100, listings: 5 } },
    "vanish",
  ],
  ["the grace wants more listings", { graceListings: 7 }, { missing: { since: 0, listings: 5 } }, "missing"],
] as const)("of the missing, %s", async (_, settings, row, event) => {
  const { run, reading, applied, rows, listings } = world(ten, ten.slice(1), settings);
  for (const each of rows.slice(0, 1)) Object.assign(each, row);
  await detect({ run, reading });
  expect(applied).toEqual([`a ${event}`]);
  expect(listings).toEqual([]);
});

test("one that is shown again is found, and nothing else is written", async () => {
  const { run, reading, applied, rows } = world(ten, ten);
  for (const each of rows.slice(0, 1)) Object.assign(each, { missing: { since: 0, listings: 1 } });
  await detect({ run, reading });
  expect(applied).toEqual(["a found"]);
});

test("only memories whose own time the listing covers are missed, and neither groups nor what is erased", async () => {
  const { run, reading, applied, rows } = world(ten, ["x"], { maxPercent: 100 });
  const [a, b, c, d, ...rest] = rows;
  Object.assign(a ?? {}, { skipReason: "erased", status: "skipped" });
  Object.assign(b ?? {}, { groupKey: "b" });
  Object.assign(c ?? {}, { memoryCreatedAt: null });
  Object.assign(d ?? {}, { memoryCreatedAt: now - 7 * 86_400_000 + 3_600_000 });
  for (const each of rest) Object.assign(each, { memoryCreatedAt: now - 7 * 86_400_000 });
  Object.assign(reading, { range: "week" });
  await detect({ run, reading });
  expect(applied).toEqual(["d vanish"]);
});

test("a share at the limit is believed, one above the floor and the limit is not", async () => {
  const twenty = [...ten, ...ten.map((id) => `${id}${id}`)];
  const at = world(twenty, twenty.slice(2));
  expect(await assessRemovals(at.run, at.reading, nothing)).toBeNull();
  const above = world(twenty, twenty.slice(3));
  expect(await assessRemovals(above.run, above.reading, nothing)).toContain("3 of 20");
  const tombstones = world(["a"], ["a"]);
  expect(await assessRemovals(tombstones.run, tombstones.reading, { withdrawn: 0, delivered: 0 })).toBeNull();
});

test("an empty list of a known context is not believed, however few it knows", async () => {
  const { run, reading } = world(["a"], []);
  expect(await assessRemovals(run, reading, { withdrawn: 0, delivered: 0 })).toContain(
    "it is empty, and the ledger knows 1 memory of it",
  );
});

test("the floor is a number, and a hundred per cent believes everything", async () => {
  const floor = world(ten, ten.slice(4), { alwaysAllowed: 4 });
  expect(await assessRemovals(floor.run, floor.reading, nothing)).toBeNull();
  const all = world(ten, [], { maxPercent: 100 });
  expect(await assessRemovals(all.run, all.reading, nothing)).toBeNull();
});

test("a memory that no earlier listing has missed is asked for once more before it counts as deleted", async () => {
  const gone = world(ten, ten.slice(1));
  expect(await detect(gone)).toBeNull();
  expect(gone).toMatchObject({ applied: ["a vanish"], listings: ["everything"] });
  const back = world(ten, ten.slice(1), {}, ten);
  expect(await detect(back)).toBeNull();
  expect(back).toMatchObject({ applied: [], listings: ["everything"] });
  const patient = world(ten, ten.slice(1), { graceListings: 2 });
  await detect(patient);
  expect(patient).toMatchObject({ applied: ["a missing"], listings: [] });
});

test("a listing that is doubted proves no absence", async () => {
  const { run, reading, applied } = world(ten, ten.slice(1));
  reading.truncated = "cut";
  expect(await detect({ run, reading })).toBeNull();
  expect(applied).toEqual([]);
});
