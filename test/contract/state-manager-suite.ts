import { describe, expect, test } from "vitest";
import { newRow } from "../../src/domain/ledger.ts";
import { noCounts } from "../../src/domain/run-record.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import {
  allRows,
  memoryOf,
  pendingRow,
  processedRow,
  runOf,
  saveSchedules,
  scheduleOf,
  scope,
} from "./state-manager-samples.ts";
import { makeStore, type StoreName } from "./state-manager-store.ts";

const key = (memoryId: string) => ({ ...scope, memoryId });
const withCode = (code: string) => expect.objectContaining({ code });

async function saveAll(state: StateManager, rows: ReturnType<typeof pendingRow>[]) {
  for (const row of rows) await state.saveRows([row]);
}

/** What the port's comments promise of rows, sync states, runs and closing, whichever backend keeps them. */
export function stateManagerSuite(backend: StoreName): void {
  const open = () => makeStore(backend).open();

  describe(`${backend}: rows`, () => {
    test("a group shows its own row and those of its notes, by memory id, and nothing of another context", async () => {
      const state = await open();
      const grouped = (memoryId: string, groupKey: string | null, contextId = "ctx-1") => ({
        ...pendingRow({ memoryId, contextId }),
        groupKey,
      });
      const rows = [grouped("b", "g"), grouped("g", "g"), grouped("a", "g"), grouped("c", null)];
      await saveAll(state, [...rows, grouped("d", "other"), grouped("e", "g", "ctx-2")]);
      const group = await state.getGroup(scope, "g");
      expect(group.map(({ memoryId }) => memoryId)).toEqual(["a", "b", "g"]);
      expect(group[0]).toEqual({ ...rows[2], version: 1 });
      expect(await state.getGroup(scope, "nowhere")).toEqual([]);
    });

    test("a saved row comes back with its new version, also after reopening", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const row = pendingRow({ memoryId: "m1" });
      expect(await state.saveRows([row])).toEqual([{ ...row, version: 1 }]);
      const dead = { code: "INTERNAL", message: 'a "quoted" 😀', hint: "none" } as const;
      const changed = { ...row, version: 1, error: dead, attempts: 3, nextAttemptAt: 99, trackId: "t" };
      await state.saveRows([changed]);
      await state.close();
      const again = await store.open();
      expect(again.notices).toEqual([]);
      expect(await again.getRows(scope, ["m1", "m2"])).toEqual(new Map([["m1", { ...changed, version: 2 }]]));
    });

    test("a row without anything optional comes back as it was", async () => {
      const state = await open();
      const row = { ...processedRow({ memoryId: "m1" }), memoryCreatedAt: null, location: null };
      await state.saveRows([row]);
      expect((await state.getRows(scope, ["m1"])).get("m1")).toEqual({ ...row, version: 1 });
    });

    test("a stale version fails the whole call and changes nothing", async () => {
      const state = await open();
      const [first] = await state.saveRows([pendingRow({ memoryId: "m1" })]);
      await state.saveRows([{ ...first!, attempts: 1 }]);
      for (const stale of [
        pendingRow({ memoryId: "m1" }),
        { ...first!, attempts: 7 },
        { ...pendingRow({ memoryId: "m3" }), version: 4 },
      ]) {
        const call = state.saveRows([pendingRow({ memoryId: "m2" }), stale]);
        await expect(call).rejects.toEqual(withCode("STATE_CONFLICT"));
      }
      const rows = await allRows(state, { connectorId: scope.connectorId });
      expect(rows.map((row) => [row.memoryId, row.version, row.attempts])).toEqual([["m1", 2, 1]]);
    });

    test("the same row twice in one call is a conflict with itself", async () => {
      const state = await open();
      const call = state.saveRows([pendingRow({ memoryId: "m1" }), pendingRow({ memoryId: "m1" })]);
      await expect(call).rejects.toEqual(withCode("STATE_CONFLICT"));
      expect((await state.countRows(scope.connectorId)).pending).toBe(0);
    });

    test("changing a row after handing it over, or after reading it, changes nothing that is stored", async () => {
      const state = await open();
      const row = pendingRow({ memoryId: "m1" });
      const saving = state.saveRows([row]);
      Object.assign(row, { status: "dead", payload: memoryOf("m2") });
      const [saved] = await saving;
      Object.assign(saved!, { payload: memoryOf("m2") });
      Object.assign(saved!.location!, { lat: 0 });
      const read = (await state.getRows(scope, ["m1"])).get("m1");
      expect(read).toEqual({ ...pendingRow({ memoryId: "m1" }), version: 1 });
      Object.assign(read!.location!, { lat: 0 });
      expect((await state.getRows(scope, ["m1"])).get("m1")?.location).toEqual(memoryOf("m1").location);
    });

    test("many concurrent saves are all kept, and a conflict among them disturbs no other", async () => {
      const state = await open();
      await state.saveRows([pendingRow({ memoryId: "taken" })]);
      const calls = Array.from({ length: 200 }, (_, at) =>
        state.saveRows([pendingRow({ memoryId: at % 10 === 0 ? "taken" : `m${at}` })]),
      );
      const outcomes = await Promise.allSettled(calls);
      const refused = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(refused.length).toBe(20);
      for (const { reason } of refused) expect(reason).toEqual(withCode("STATE_CONFLICT"));
      expect((await state.countRows(scope.connectorId)).pending).toBe(181);
    });

    test("of concurrent changes to one version of a row exactly one wins", async () => {
      const state = await open();
      const [row] = await state.saveRows([pendingRow({ memoryId: "m1" })]);
      const calls = Array.from({ length: 20 }, (_, at) => state.saveRows([{ ...row!, attempts: at }]));
      const outcomes = await Promise.allSettled(calls);
      expect(outcomes.filter((outcome) => outcome.status === "fulfilled").length).toBe(1);
      expect((await state.getRows(scope, ["m1"])).get("m1")?.version).toBe(2);
    });

    test("a removed row is gone with its count and can be made anew; removing what is not there is fine", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      await state.saveRows([pendingRow({ memoryId: "m1" }), pendingRow({ memoryId: "m2" })]);
      await state.removeRows([key("m1"), key("nowhere")]);
      expect((await state.countRows(scope.connectorId)).pending).toBe(1);
      await state.saveRows([processedRow({ memoryId: "m1" })]);
      await state.close();
      const again = await store.open();
      expect((await again.getRows(scope, ["m1"])).get("m1")?.status).toBe("processed");
    });

    test("a payload that is dropped is gone, and one of a megabyte comes back whole", async () => {
      const state = await open();
      const long = "a😀\ud800\u0000".repeat(250_000);
      const [saved] = await state.saveRows([pendingRow({ memoryId: "m1" }, long)]);
      expect((await state.getRows(scope, ["m1"])).get("m1")?.payload?.transcript === long).toBe(true);
      await state.saveRows([{ ...saved!, payload: null }]);
      expect((await state.getRows(scope, ["m1"])).get("m1")?.payload).toBeNull();
    });

    test("saving or removing nothing is fine", async () => {
      const state = await open();
      expect(await state.saveRows([])).toEqual([]);
      await state.removeRows([]);
    });
  });

  describe(`${backend}: ids`, () => {
    const odd = [
      "__proto__",
      "constructor",
      "a'b\"c`d",
      "'; DROP TABLE ledger; --",
      "a/b\\c:d",
      "😀é漢\u202e",
      " ",
      "a\u0000b",
      "a\u0000c",
      "line\nbreak",
      "%00",
      "x".repeat(10_000),
      "",
    ];

    test("any well-formed id is kept apart from every other, as connector, context and memory", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const keys = odd.flatMap((id) => [
        { ...scope, memoryId: id },
        { connectorId: scope.connectorId, contextId: id, memoryId: "m" },
        { connectorId: id, contextId: "c", memoryId: "m" },
      ]);
      await state.saveRows(keys.map((each) => pendingRow(each)));
      await state.close();
      const again = await store.open();
      expect([...(await again.getRows(scope, odd)).keys()]).toEqual(odd);
      for (const id of odd) {
        const rows = await allRows(again, { connectorId: id });
        expect(rows.map((row) => [row.connectorId, row.contextId, row.memoryId])).toEqual([[id, "c", "m"]]);
      }
      expect((await again.countRows(scope.connectorId)).pending).toBe(2 * odd.length);
    });

    test("an id with half a surrogate pair is refused, and the rows beside it are not saved", async () => {
      const state = await open();
      const call = state.saveRows([pendingRow({ memoryId: "m1" }), pendingRow({ memoryId: "a\ud83d" })]);
      await expect(call).rejects.toEqual(withCode("STATE_ID_INVALID"));
      expect((await state.getRows(scope, ["m1"])).size).toBe(0);
    });

    test("unprocessed are the unknown and the unfinished, in the order given and without repeats", async () => {
      const state = await open();
      const skipped = { ...pendingRow({ memoryId: "s" }), status: "skipped" as const };
      await state.saveRows([processedRow({ memoryId: "p" }), pendingRow({ memoryId: "w" }), skipped]);
      expect(await state.getUnprocessedIds(scope, ["z", "w", "p", "s", "a", "w", "z"])).toEqual([
        "z",
        "w",
        "a",
      ]);
      expect(await state.getUnprocessedIds({ ...scope, contextId: "other" }, ["p"])).toEqual(["p"]);
    });
  });

  describe(`${backend}: sums`, () => {
    test("counts follow every change, by connector", async () => {
      const state = await open();
      await state.saveRows([
        pendingRow({ memoryId: "m1" }),
        pendingRow({ memoryId: "m2", connectorId: "b" }),
      ]);
      await state.saveRows([processedRow({ memoryId: "m3" })]);
      const row = (await state.getRows(scope, ["m1"])).get("m1")!;
      await state.saveRows([{ ...row, status: "dead" }]);
      expect(await state.countRows(scope.connectorId)).toEqual({
        discovered: 0,
        skipped: 0,
        pending: 0,
        submitting: 0,
        submitted: 0,
        processed: 1,
        failed: 0,
        dead: 1,
        deleting: 0,
        deleted: 0,
      });
      expect((await state.countRows("b")).pending).toBe(1);
      expect((await state.countRows("nobody")).pending).toBe(0);
    });

    test("the oldest unfinished is by the memory's own time, and knows contexts and statuses apart", async () => {
      const state = await open();
      const at = (memoryId: string, time: number | null, changes = {}) => ({
        ...pendingRow({ memoryId }),
        memoryCreatedAt: time,
        ...changes,
      });
      expect(await state.oldestUnfinished(scope)).toBeNull();
      await state.saveRows([at("none", null), at("dead", 1, { status: "dead" })]);
      expect(await state.oldestUnfinished(scope)).toBeNull();
      await state.saveRows([at("b", 50), at("a", 70), at("else", 5, { contextId: "other" })]);
      expect(await state.oldestUnfinished(scope)).toBe(50);
      expect(await state.oldestUnfinished(scope, 49)).toBe(50);
      expect(await state.oldestUnfinished(scope, 50)).not.toBe(50);
    });

    test("the earliest attempt is that of the asked statuses", async () => {
      const state = await open();
      const row = (memoryId: string, status: "failed" | "deleting", nextAttemptAt: number | null) => ({
        ...pendingRow({ memoryId }),
        status,
        nextAttemptAt,
      });
      await state.saveRows([row("a", "failed", 90), row("b", "failed", 80), row("c", "deleting", 70)]);
      await state.saveRows([row("d", "deleting", null)]);
      expect(await state.earliestAttempt(scope.connectorId, ["failed"])).toBe(80);
      expect(await state.earliestAttempt(scope.connectorId, ["failed", "deleting"])).toBe(70);
      expect(await state.earliestAttempt(scope.connectorId, ["pending"])).toBeNull();
      expect(await state.earliestAttempt(scope.connectorId, [])).toBeNull();
    });

    test("memories that wait for a transcript or a medium are counted, the others of the skipped are not", async () => {
      const state = await makeStore(backend).open();
      const skipped = (memoryId: string, skipReason: string | null, memoryCreatedAt: number | null) => ({
        ...newRow({ ...scope, memoryId }, `${memoryId}.md`, 1),
        status: skipReason === null ? ("pending" as const) : ("skipped" as const),
        skipReason,
        memoryCreatedAt,
      });
      expect(await state.waiting(scope)).toEqual({ transcripts: 0, media: 0, oldestAt: null });
      await state.saveRows([
        skipped("a", "empty_transcript", 50),
        skipped("b", "empty_transcript", 20),
        skipped("c", "pending_media", 30),
        skipped("d", "merged", 10),
        skipped("e", null, 10),
        { ...skipped("f", "empty_transcript", 1), contextId: "other" },
      ]);
      expect(await state.waiting(scope)).toEqual({ transcripts: 2, media: 1, oldestAt: 20 });
      expect(await state.waiting(scope, 20)).toEqual({ transcripts: 2, media: 1, oldestAt: 30 });
      expect(await state.waiting(scope, 50)).toMatchObject({ oldestAt: null });
    });
  });

  describe(`${backend}: sync states and runs`, () => {
    test("a sync state is remembered by connector and context and replaced whole", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      expect(await state.getSyncState(scope)).toBeNull();
      const first = { watermark: 5, lastCompleteListingAt: 6, truncated: "full page", lastListingCount: 7 };
      await state.saveSyncState({ ...scope, ...first });
      const learnt = {
        lore: {
          lists: { all: { limit: 100, length: 7, oldestId: "ä", oldestAt: 3 } },
          largest: 7,
          cap: null,
          totalOfAll: true,
        },
        lookedAt: { week: 4 },
        outside: { count: 3, at: 4 },
      };
      const second = {
        watermark: null,
        lastCompleteListingAt: 8,
        truncated: null,
        lastListingCount: 0,
        learnt,
      };
      await state.saveSyncState({ ...scope, ...second });
      await state.close();
      const again = await store.open();
      expect(await again.getSyncState(scope)).toEqual({ ...scope, ...second });
      expect(await again.getSyncState({ ...scope, contextId: "other" })).toBeNull();
    });

    test("a run is replaced by its id and comes back whole", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      await state.saveRun(runOf("r1", { endedAt: null, outcome: "running" }));
      await state.saveRun(runOf("r1"));
      await state.close();
      const again = await store.open();
      expect(await again.getRun("r1")).toEqual(runOf("r1"));
      expect(await again.getRun("r2")).toBeNull();
    });

    test("runs are listed newest first, page by page, of one connector or of all", async () => {
      const state = await open();
      const starts = [5, 1, 5, 9, 3];
      for (const [at, startedAt] of starts.entries()) await state.saveRun(runOf(`r${at}`, { startedAt }));
      await state.saveRun(runOf("other", { startedAt: 7, connectorId: "b" }));
      const pages: string[][] = [];
      for (let after: string | null = null; ; ) {
        const page = await state.listRuns({ connectorId: scope.connectorId, limit: 2, after });
        pages.push(page.runs.map((run) => run.runId));
        after = page.next;
        if (after === null) break;
        // One that begins meanwhile is newer than what was shown and changes nothing below it.
        await state.saveRun(runOf(`late${pages.length}`, { startedAt: 100 }));
      }
      expect(pages).toEqual([["r3", "r2"], ["r0", "r4"], ["r1"]]);
      const all = await state.listRuns({ limit: 50 });
      expect(all.runs.map((run) => run.runId)).toEqual([
        "late2",
        "late1",
        "r3",
        "other",
        "r2",
        "r0",
        "r4",
        "r1",
      ]);
      expect(all.next).toBeNull();
    });

    test("pruning removes the runs that ended before a moment and no others", async () => {
      const state = await open();
      await state.saveRun(runOf("old", { endedAt: 99 }));
      await state.saveRun(runOf("at", { endedAt: 100 }));
      await state.saveRun(runOf("open", { endedAt: null }));
      expect(await state.pruneRuns(100)).toBe(1);
      expect((await state.listRuns({ limit: 9 })).runs.map((run) => run.runId).sort()).toEqual([
        "at",
        "open",
      ]);
    });

    test("of runs that have nothing to tell, the newest of a connector stay, and of others all", async () => {
      const state = await open();
      const quiet = (runId: string, startedAt: number, change = {}) =>
        state.saveRun(
          runOf(runId, {
            startedAt,
            trigger: "schedule",
            outcome: "success",
            errors: [],
            counts: { ...noCounts, fetched: 9 },
            ...change,
          }),
        );
      for (let at = 0; at < 14; at += 1) await quiet(`q${at}`, at);
      await quiet("told", -1, { counts: { ...noCounts, processed: 1 } });
      await quiet("failed", -2, { outcome: "failed" });
      await quiet("by-hand", -3, { trigger: "cli" });
      await quiet("of-another", -4, { connectorId: "b" });
      const left = async () => (await state.listRuns({ limit: 99 })).runs.map((run) => run.runId);
      await state.thinRuns(scope.connectorId, 2);
      expect(await left()).toEqual(["q13", "q12", "q1", "q0", "told", "failed", "by-hand", "of-another"]);
      await state.thinRuns(scope.connectorId, 2);
      expect(await left()).toEqual(["q13", "q12", "told", "failed", "by-hand", "of-another"]);
      await state.thinRuns("nobody", 0);
      expect(await left()).toHaveLength(6);
    });

    test("a reset forgets a connector's rows and sync states, keeps its runs and spares other connectors", async () => {
      const state = await open();
      const rows = Array.from({ length: 2500 }, (_, at) => processedRow({ memoryId: `m${at}` }));
      await state.saveRows([...rows, processedRow({ memoryId: "m", connectorId: "b" })]);
      const memory = { watermark: 1, lastCompleteListingAt: 1, truncated: null, lastListingCount: 1 };
      await state.saveSyncState({ ...scope, ...memory });
      await state.saveSyncState({ ...scope, connectorId: "b", ...memory });
      await state.saveRun(runOf("r1"));
      expect(await state.resetConnector(scope.connectorId)).toBe(2500);
      expect((await state.countRows(scope.connectorId)).processed).toBe(0);
      expect(await state.getSyncState(scope)).toBeNull();
      expect(await state.getRun("r1")).not.toBeNull();
      expect((await state.countRows("b")).processed).toBe(1);
      expect(await state.getSyncState({ ...scope, connectorId: "b" })).not.toBeNull();
      expect(await state.resetConnector(scope.connectorId)).toBe(0);
    });
  });

  describe(`${backend}: schedules`, () => {
    test("come back as they were saved, by connector id, also after reopening", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const paused = scheduleOf("a", { dueAt: null, pausedAt: 5, openRun: null, lastRun: null });
      await saveSchedules(state, [scheduleOf("z"), scheduleOf("\u{1F600}"), paused, scheduleOf("\uE000")]);
      const saved = [paused, scheduleOf("z"), scheduleOf("\uE000"), scheduleOf("\u{1F600}")];
      expect(await state.listSchedules()).toEqual(saved);
      await state.close();
      expect(await (await store.open()).listSchedules()).toEqual(saved);
    });

    test("are replaced by connector, and changing one after handing it over changes nothing", async () => {
      const state = await open();
      await saveSchedules(state, [scheduleOf("a"), scheduleOf("b")]);
      const changed = scheduleOf("a", { skipped: 3 });
      const saving = saveSchedules(state, [changed]);
      changed.skipped = 99;
      await saving;
      expect(await state.listSchedules()).toEqual([scheduleOf("a", { skipped: 3 }), scheduleOf("b")]);
    });

    test("are saved all or not at all", async () => {
      const state = await open();
      const call = saveSchedules(state, [scheduleOf("a"), scheduleOf("half a pair \ud800")]);
      await expect(call).rejects.toEqual(withCode("STATE_ID_INVALID"));
      expect(await state.listSchedules()).toEqual([]);
    });

    test("are removed one by one, and survive a reset of their connector", async () => {
      const state = await open();
      await saveSchedules(state, [scheduleOf("a"), scheduleOf("b")]);
      await state.removeSchedule("a");
      await state.removeSchedule("nowhere");
      await state.resetConnector("b");
      expect(await state.listSchedules()).toEqual([scheduleOf("b")]);
    });
  });

  describe(`${backend}: opening and closing`, () => {
    test("closing waits for what was begun, may be repeated, and ends everything else", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      const saving = state.saveRows([pendingRow({ memoryId: "m1" })]);
      await Promise.all([state.close(), state.close()]);
      await saving;
      for (const call of [
        () => state.getRows(scope, ["m1"]),
        () => state.saveRows([pendingRow({ memoryId: "m2" })]),
        () => state.countRows("c"),
        () => state.listSchedules(),
        () => state.lockConnector("c"),
      ]) {
        await expect(call()).rejects.toEqual(withCode("STATE_CLOSED"));
      }
      expect((await (await store.open()).getRows(scope, ["m1"])).size).toBe(1);
    });

    test("opened for reading it shows what is there and refuses changes", async () => {
      const store = makeStore(backend);
      const writer = await store.open();
      await saveAll(writer, [pendingRow({ memoryId: "m1" })]);
      const reader = await store.open({ readOnly: true });
      expect((await reader.getRows(scope, ["m1"])).get("m1")?.version).toBe(1);
      for (const change of [
        () => reader.saveRows([pendingRow({ memoryId: "m2" })]),
        () => reader.saveRun(runOf("r")),
        () => saveSchedules(reader, [scheduleOf("c")]),
        () => reader.removeSchedule("c"),
        () => reader.resetConnector(scope.connectorId),
        () => reader.lockConnector(scope.connectorId),
      ]) {
        await expect(change()).rejects.toEqual(withCode("STATE_READ_ONLY"));
      }
      await reader.close();
      await writer.saveRows([pendingRow({ memoryId: "m2" })]);
      const later = await store.open({ readOnly: true });
      expect((await later.countRows(scope.connectorId)).pending).toBe(2);
    });

    test("opened for reading, a state that was never written is empty and stays unwritten", async () => {
      const store = makeStore(backend);
      const reader = await store.open({ readOnly: true });
      expect((await reader.pageRows({ connectorId: "c" }, { limit: 5 })).rows).toEqual([]);
      await reader.close();
      expect(await store.isUnwritten()).toBe(true);
      await (await store.open()).close();
      expect(await store.isUnwritten()).toBe(false);
    });

    test("the location names the file", async () => {
      const store = makeStore(backend);
      expect((await store.open()).location).toBe(store.path);
    });
  });
}
