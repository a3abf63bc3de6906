import { expect, test } from "vitest";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { SyncEvents } from "../events.ts";
import type { RunOptions } from "../run-options.ts";
import type { DeletionSettings } from "../sync-settings.ts";

const day = 86_400_000;
const now = Date.UTC(2025, 5, 15, 12);
const memories = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    memoryOf(`m${at}`, { createdAt: new Date(now - at * 3_600_000).toISOString() }),
  );

/** A connector that has delivered `count` memories, and a clock that a test sets. */
async function delivered(count: number, deletions: Partial<DeletionSettings> = {}, change = {}) {
  const settings = {
    policy: "propagate" as const,
    graceListings: 1,
    gracePeriodMs: 0,
    maxPercent: 10,
    alwaysAllowed: 1,
  };
  const sync = await quickHarness({ deletions: { ...settings, ...deletions }, ...change }, { startAt: now });
  sync.source.memories = memories(count);
  await sync.run();
  const held: SyncEvents["run:held"][] = [];
  sync.events.on("run:held", (event) => held.push(event));
  return {
    ...sync,
    held,
    pass: (ms: number) => {
      sync.clock.setWallClock(sync.clock.now() + ms);
    },
    /** The source holds only these from now on. */
    keep: (wanted: (at: number) => boolean) => {
      sync.source.memories = memories(count).filter((_, at) => wanted(at));
    },
  };
}

test("a memory that is gone from a complete listing loses its document, and the row says so once LightRAG does", async () => {
  const sync = await delivered(10);
  sync.keep((at) => at !== 3);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { vanished: 1, deleted: 1 } });
  expect(await sync.row("m3")).toMatchObject({ status: "deleted", documentId: null, payload: null });
  expect(sync.sink.texts().has("m3@CTX.md")).toBe(false);
  expect(await sync.run()).toMatchObject({ counts: { vanished: 0, deleted: 0 } });
});

test("a document that LightRAG does not let go of is not called deleted", async () => {
  const sync = await delivered(10);
  sync.keep((at) => at !== 3);
  const refusal = () => new ConnectorError("SINK_DELETE_REFUSED", "still there");
  sync.sink.removeFaults = Array.from({ length: 9 }, refusal);
  expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { deleted: 0 } });
  expect((await sync.row("m3")).status).not.toBe("deleted");
});

test("a tombstone leaves the document alone", async () => {
  const sync = await delivered(10, { policy: "tombstone" });
  sync.keep((at) => at !== 3);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { vanished: 1, deleted: 0 } });
  expect(await sync.row("m3")).toMatchObject({ status: "deleted", documentId: expect.any(String) });
  expect(sync.sink.texts().has("m3@CTX.md")).toBe(true);
});

test("with `ignore` nothing follows", async () => {
  const sync = await delivered(10, { policy: "ignore" });
  sync.keep(() => false);
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { missing: 0, vanished: 0 } });
});

test("a memory that comes back is delivered again, tombstoned or removed", async () => {
  for (const policy of ["tombstone", "propagate"] as const) {
    const sync = await delivered(10, { policy });
    sync.keep((at) => at !== 3);
    await sync.run();
    sync.keep(() => true);
    expect(await sync.run()).toMatchObject({ outcome: "success", counts: { changed: 1, processed: 1 } });
    expect((await sync.row("m3")).status).toBe("processed");
    expect(sync.sink.texts().size).toBe(10);
  }
});

test("the grace wants both so many listings and so much time, in a row", async () => {
  const sync = await delivered(10, { graceListings: 3, gracePeriodMs: day }, { queryRange: "all" });
  sync.keep((at) => at !== 3);
  const since = sync.clock.now();
  for (let listing = 1; listing <= 3; listing += 1) {
    expect(await sync.run()).toMatchObject({ counts: { missing: 1, vanished: 0 } });
  }
  expect((await sync.row("m3")).missing).toEqual({ since, listings: 3 });
  sync.keep(() => true);
  await sync.run();
  expect((await sync.row("m3")).missing).toBeNull();
  sync.keep((at) => at !== 3);
  await sync.run();
  sync.pass(day);
  await sync.run();
  expect((await sync.row("m3")).status).toBe("processed");
  expect(await sync.run()).toMatchObject({ counts: { vanished: 1 } });
});

test("memories that are older than the range reaches are not missed", async () => {
  const sync = await delivered(60, {}, { queryRange: "day" });
  // What a range of a day shows, without the newest memory.
  sync.keep((at) => at > 0 && at < 24);
  expect(await sync.run()).toMatchObject({ counts: { vanished: 1, deleted: 1 } });
  expect((await sync.row("m0")).status).toBe("deleted");
  expect((await sync.row("m30")).status).toBe("processed");
});

test("a truncated listing, a filtered run, and a list with items that have no id prove nothing", async () => {
  const sync = await delivered(20);
  sync.keep((at) => at !== 3);
  sync.source.truncated = { reason: "full" };
  await sync.run();
  sync.source.truncated = null;
  await sync.run({ filter: { since: 0 } });
  sync.source.malformed = [{ id: null, problems: ["no id"], excerpt: "{}", fingerprint: "f".repeat(64) }];
  await sync.run();
  expect(await sync.row("m3")).toMatchObject({ status: "processed", missing: null });
});

const tooMuch: [name: string, keep: (at: number) => boolean, message: RegExp][] = [
  ["more than the limit at once", (at) => at > 2, /3 of 20 known memories are missing/],
  ["an empty list after a full one", () => false, /it is empty, and the ledger knows 20 memories of it/],
];
for (const [name, keep, message] of tooMuch) {
  test(`${name} is suspect: nothing is deleted or counted, and the run says so`, async () => {
    const sync = await delivered(20);
    const before = await sync.state.getSyncState({ connectorId: "c", contextId: "CTX" });
    sync.keep(keep);
    sync.pass(1000);
    const run = await sync.run();
    expect(run).toMatchObject({ outcome: "partial", counts: { missing: 0, vanished: 0 } });
    expect(run.errors).toMatchObject([
      { code: "DELETIONS_SUSPECT", message: expect.stringMatching(message) },
    ]);
    expect(sync.held).toMatchObject([{ reason: "deletions" }]);
    expect(sync.sink.texts().size).toBe(20);
    const after = await sync.state.getSyncState({ connectorId: "c", contextId: "CTX" });
    expect(after).toMatchObject({ watermark: before?.watermark, truncated: expect.stringMatching(message) });
  });

  test(`${name} is deleted when a person or the configuration agrees`, async () => {
    const agreements: [Partial<DeletionSettings>, Partial<RunOptions>][] = [
      [{ graceListings: 5, gracePeriodMs: day }, { acceptDeletions: true }],
      [{ maxPercent: 100 }, {}],
    ];
    for (const [settings, options] of agreements) {
      const sync = await delivered(20, settings);
      sync.keep(keep);
      const gone = memories(20).filter((_, at) => !keep(at)).length;
      expect(await sync.run(options)).toMatchObject({
        outcome: "success",
        counts: { vanished: gone, deleted: gone },
      });
    }
  });
}

test("one missing memory of a few is not suspect, and what never reached LightRAG is forgotten without it", async () => {
  const sync = await delivered(3);
  sync.source.memories = [
    ...memories(3),
    memoryOf("late", { createdAt: new Date(now).toISOString(), transcript: "" }),
  ];
  await sync.run();
  sync.keep(() => true);
  const calls = sync.sink.calls.length;
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { vanished: 1, deleted: 0 } });
  expect(sync.sink.calls).toHaveLength(calls);
  expect((await sync.row("late")).status).toBe("deleted");
});

test("deletions that were told one by one are not held, and those of a list are, beside them", async () => {
  for (const deletes of ["told", "feed"] as const) {
    const sync = await delivered(3);
    sync.source.capabilities = { ...sync.source.capabilities, deletes };
    sync.keep((at) => at === 0);
    sync.source.deleted = ["m1", "m2"];
    const isTold = deletes === "told";
    expect(await sync.run()).toMatchObject({
      outcome: isTold ? "success" : "partial",
      counts: { deleted: isTold ? 2 : 0 },
    });
    expect(sync.held).toHaveLength(isTold ? 0 : 1);
  }
  const sync = await delivered(3);
  sync.source.capabilities = { ...sync.source.capabilities, deletes: "told" };
  sync.keep((at) => at === 0);
  expect(await sync.run()).toMatchObject({ outcome: "partial", counts: { deleted: 0 } });
});
