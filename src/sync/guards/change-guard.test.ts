import { describe, expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { LedgerEvent, Transition } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { SyncEvents } from "../events.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { ChangeGuard } from "./change-guard.ts";

const nobody: ReadonlySet<string> = new Set();

/** A ledger of delivered memories `m0`, `m1`, …, and a guard of one run over it. */
async function braking(
  count: number,
  options: Partial<RunOptions> = {},
  settings: Partial<SyncSettings> = {},
  sourceHash: string | null = "as delivered",
) {
  const sync = await quickHarness(settings);
  const pending = await pendingRows(
    sync,
    Array.from({ length: count }, (_, at) => memoryOf(`m${at}`)),
  );
  const rows = await sync.state.saveRows(
    pending.map((row) => ({
      ...row,
      status: "processed" as const,
      documentId: `doc-${row.fileSource}`,
      sourceHash,
    })),
  );
  const held: SyncEvents["run:held"][] = [];
  sync.events.on("run:held", (event) => held.push(event));
  const run = await runContext(sync, options);
  const statuses = async () => {
    const { pending, deleting, processed } = await sync.state.countRows("c");
    return { pending, deleting, processed };
  };
  return { run, rows, held, statuses, guard: new ChangeGuard(run) };
}

const wants = (row: LedgerRow, transcript = "another text"): Transition => {
  const memory = memoryOf(row.memoryId, { transcript });
  const { fileSource } = row;
  const content = { memory, contentHash: "new", sourceHash: "s", groupKey: null, fileSource };
  return { row, event: { type: "upsert", content } };
};
const skips = (row: LedgerRow, reason: string): Transition => {
  const event = wants(row).event as LedgerEvent & { type: "upsert" };
  return { row, event: { type: "skip", content: event.content, reason } };
};

describe("of what the source shows", () => {
  test("what is new or merely confirmed passes", async () => {
    const { guard, rows } = await braking(1);
    const [row] = rows;
    if (row === undefined) throw new Error("a row");
    const fresh = { ...row, status: "pending", documentId: null } as const;
    const confirmed: Transition = { row, event: { type: "confirm", sourceHash: "s" } };
    expect(guard.pass([wants(fresh), confirmed, skips(fresh, "empty_transcript")])).toHaveLength(3);
    expect(guard.removalsOf("CTX").withdrawn).toBe(0);
  });

  test.each([
    ["empty_transcript", 1],
    ["merged", 0],
    ["pending_media", 0],
  ])(
    "a document that is skipped as %s is held back, and counts as %d removals",
    async (reason, withdrawn) => {
      const { guard, rows } = await braking(1);
      expect(guard.pass(rows.map((row) => skips(row, reason)))).toEqual([]);
      expect(guard.removalsOf("CTX").withdrawn).toBe(withdrawn);
    },
  );

  test.each([
    ["blank", " \n", {}, 1],
    ["a text", "some text", {}, 0],
    ["heard", "", { transcription: { text: "spoken" } }, 0],
    ["seen", "", { image: { text: "a picture" } }, 0],
    ["seen and nothing found", "", { image: null }, 1],
  ])("an update whose memory is %s counts as %#", async (_, transcript, facts, withdrawn) => {
    const { guard, rows } = await braking(1);
    for (const row of rows) {
      const transition = wants(row, transcript);
      Object.assign((transition.event as { content: { memory: object } }).content.memory, { facts });
      expect(guard.pass([transition])).toEqual([]);
    }
    expect(guard.removalsOf("CTX").withdrawn).toBe(withdrawn);
  });

  test("the note of a group is delivered with it", async () => {
    const { guard, rows } = await braking(1);
    const note = rows.map(
      (row): LedgerRow => ({ ...row, status: "skipped", documentId: null, groupKey: "g" }),
    );
    guard.noteShown("CTX", [
      ...note,
      ...rows,
      ...rows.map((row): LedgerRow => ({ ...row, status: "failed" })),
    ]);
    expect(guard.removalsOf("CTX")).toEqual({ withdrawn: 0, delivered: 2 });
    expect(guard.pass(note.map((row) => skips(row, "empty_transcript")))).toEqual([]);
    expect(guard.removalsOf("CTX").withdrawn).toBe(1);
    expect(guard.removalsOf("other")).toEqual({ withdrawn: 0, delivered: 0 });
  });
});

describe("a person's yes lets through", () => {
  test.each([
    [{ force: true }, ["m0"]],
    [{ acceptResends: true }, ["m0"]],
    [{ acceptDeletions: true }, ["m1"]],
    [{}, []],
  ])("with %o: %j", async (options, passing) => {
    const { guard, rows } = await braking(2, options);
    const [update, removal] = rows;
    if (update === undefined || removal === undefined) throw new Error("two rows");
    const passed = guard.pass([wants(update), skips(removal, "empty_transcript")]);
    expect(passed.map(({ row }) => row.memoryId)).toEqual(passing);
  });
});

describe("when all was read", () => {
  test("what was held is written down, but for removals where they are not believed", async () => {
    const { guard, rows, statuses } = await braking(4);
    guard.pass(rows.map((row, at) => (at < 2 ? wants(row) : skips(row, "empty_transcript"))));
    expect(await statuses()).toEqual({ pending: 0, deleting: 0, processed: 4 });
    expect(await guard.release(new Set(["CTX"]))).toBe(true);
    expect(await statuses()).toEqual({ pending: 0, deleting: 2, processed: 2 });
    expect(guard.pass(rows.map((row) => wants(row)))).toHaveLength(4);
    expect(guard.pass(rows.map((row) => skips(row, "empty_transcript")))).toEqual([]);
    guard.noteShown("CTX", rows);
    expect(guard.removalsOf("CTX")).toEqual({ withdrawn: 2, delivered: 0 });
  });

  test("removals that are believed are written down as well", async () => {
    const { guard, rows, statuses } = await braking(2);
    guard.pass(rows.map((row) => skips(row, "empty_transcript")));
    expect(await guard.release(new Set(["other"]))).toBe(true);
    expect(await statuses()).toMatchObject({ deleting: 2 });
    expect(guard.pass(rows.map((row) => skips(row, "empty_transcript")))).toHaveLength(2);
  });

  test("two hundred changes are kept; with one more nothing is written, and the next reading writes them", async () => {
    const kept = await braking(400);
    kept.guard.pass(kept.rows.slice(0, 200).map((row) => wants(row)));
    expect(await kept.guard.release(nobody)).toBe(true);
    expect(await kept.statuses()).toMatchObject({ deleting: 200 });
    const more = await braking(402);
    more.guard.pass(more.rows.slice(0, 201).map((row) => wants(row)));
    expect(await more.guard.release(nobody)).toBe(false);
    expect(await more.statuses()).toMatchObject({ deleting: 0, processed: 402 });
    expect(more.guard.pass(more.rows.slice(0, 201).map((row) => wants(row)))).toHaveLength(201);
  });
});

describe("resends", () => {
  const resending = async (count: number, changed: number, maxResendPercent: number) => {
    const world = await braking(count, {}, { maxResendPercent });
    world.guard.pass(world.rows.slice(0, changed).map((row) => wants(row)));
    return { ...world, released: world.guard.release(nobody) };
  };

  test("up to ten are never too many, and a share up to the limit is none", async () => {
    expect(await (await resending(10, 10, 0)).released).toBe(true);
    expect(await (await resending(22, 11, 50)).released).toBe(true);
  });

  test("more than the limit allows are held, and a person is told how many", async () => {
    const { released, held, statuses } = await resending(22, 12, 50);
    await expect(released).rejects.toMatchObject({
      code: "RUN_HELD",
      subject: "c",
      message: "12 of 22 delivered memories would be sent again, more than 50 %; they were left as they are",
    });
    expect(held).toEqual([{ runId: "r", connectorId: "c", reason: "resend", ratio: 12 / 22 }]);
    expect(await statuses()).toEqual({ pending: 0, deleting: 0, processed: 22 });
  });
});

describe("what was written down for the time being", () => {
  const refreshing = (count: number, maxResendPercent: number) =>
    braking(count, {}, { maxResendPercent }, null);

  test.each([
    [12, 0, 10],
    [12, 50, 10],
    [40, 50, 20],
    [12, 100, 12],
    [450, 100, 200],
  ])(
    "of %d documents, with a limit of %d %%, %d go with one run and hold nothing up",
    async (count, percent, go) => {
      const { guard, rows, held, statuses } = await refreshing(count, percent);
      expect(guard.pass(rows.map((row) => wants(row)))).toEqual([]);
      expect(await guard.release(nobody)).toBe(true);
      expect(await statuses()).toMatchObject({ deleting: go, processed: count - go });
      expect(held).toEqual([]);
      expect(guard.pass(rows.slice(go).map((row) => wants(row)))).toEqual([]);
    },
  );

  test("shares what is allowed with other changes, and goes where those are held", async () => {
    const { guard, rows, statuses } = await refreshing(40, 50);
    const changed = (row: LedgerRow) => wants({ ...row, sourceHash: "as delivered" });
    guard.pass([...rows.slice(0, 15).map(changed), ...rows.slice(15).map((row) => wants(row))]);
    await guard.release(nobody);
    expect(await statuses()).toMatchObject({ deleting: 20 });
    const other = await refreshing(40, 50);
    other.guard.pass([
      ...other.rows.slice(0, 21).map(changed),
      ...other.rows.slice(21).map((row) => wants(row)),
    ]);
    await expect(other.guard.release(nobody)).rejects.toMatchObject({ code: "RUN_HELD" });
    expect(await other.statuses()).toMatchObject({ deleting: 19, processed: 21 });
  });
});
