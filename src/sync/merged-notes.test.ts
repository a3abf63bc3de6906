import { describe, expect, test } from "vitest";
import { memoryOf, plainEnrichment, quickHarness, testSettings } from "../../test/support/sync-harness.ts";
import { sourceHasher } from "../documents/source-hash.ts";
import type { Memory } from "../domain/memory.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { fileBackends } from "../state/open-state.ts";
import { LedgerWriter } from "./ledger-writer.ts";
import { changeDeadLetter, changeDeadLetters } from "./maintenance/dead-letters.ts";
import type { SyncSettings } from "./sync-settings.ts";

const merge = { maxCharacters: 40 };
const day = "2025-01-01~no-place@CTX.md";
const nextDay = "2025-01-02~no-place@CTX.md";
const late = { createdAt: "2025-01-02T08:00:00Z" };

const notes = (...ids: string[]) => ids.map((id) => memoryOf(id));
const long = (id: string) => memoryOf(id, { transcript: `${id} ${"goes on and on ".repeat(10)}` });

/** One listing without a memory is enough. */
function deletedAtOnce(policy: "tombstone" | "propagate"): Partial<SyncSettings> {
  const deletions = {
    ...testSettings.deletions,
    policy,
    maxPercent: 100,
    graceListings: 1,
    gracePeriodMs: 0,
  };
  return { queryRange: "all", deletions };
}

describe.each(fileBackends)("notes that share a document, in %s", (tables) => {
  async function mergingSync(change: Partial<SyncSettings> = {}) {
    const sync = await quickHarness(change, { tables, merge });
    const names = () => [...sync.sink.texts().keys()].sort();
    /** The notes in a document, as its text has them. */
    const notesIn = (name: string) =>
      Array.from(
        (sync.sink.texts().get(name) ?? "").matchAll(/^\d\d:\d\d:\d\d.* \[(\S+)\]$/gmu),
        ([, id]) => id,
      );
    const show = async (...memories: Memory[]) => {
      sync.source.memories = memories;
      return sync.run();
    };
    return { ...sync, names, notesIn, show };
  }

  test("small notes of a day go as one document, long ones alone, and a second run sends nothing", async () => {
    const sync = await mergingSync();
    const memories = [...notes("b", "a"), memoryOf("c", late), long("d")];
    const counts = { new: 4, skipped: 0, submitted: 3, processed: 3 };
    expect(await sync.show(...memories)).toMatchObject({ outcome: "success", counts });
    expect(sync.names()).toEqual([day, nextDay, "d@CTX.md"].sort());
    expect(sync.notesIn(day)).toEqual(["a", "b"]);
    expect(await sync.row("a")).toMatchObject({
      status: "skipped",
      skipReason: "merged",
      fileSource: "a@CTX.md",
    });
    expect(await sync.row("2025-01-01~no-place")).toMatchObject({ status: "processed", payload: null });
    const calls = sync.sink.calls.length;
    expect(await sync.show(...memories)).toMatchObject({ counts: { unchanged: 4, submitted: 0 } });
    expect(sync.sink.calls).toHaveLength(calls);
  });

  test("a note that changes or comes replaces the document, with the notes that the source no longer shows", async () => {
    const sync = await mergingSync();
    await sync.show(...notes("a", "b"));
    const changed = await sync.show(memoryOf("a", { transcript: "something else" }));
    expect(changed).toMatchObject({ outcome: "success", counts: { changed: 1, deleted: 1, processed: 1 } });
    expect(sync.sink.texts().get(day)).toContain("something else");
    expect(await sync.show(...notes("c"))).toMatchObject({ counts: { new: 1, deleted: 1, processed: 1 } });
    expect(sync.notesIn(day)).toEqual(["a", "b", "c"]);
    expect(sync.names()).toEqual([day]);
  });

  test("a note that grows leaves its group, and comes back when it shrinks", async () => {
    const sync = await mergingSync();
    await sync.show(...notes("a", "b"));
    await sync.show(long("a"), memoryOf("b"));
    expect(sync.names()).toEqual([day, "a@CTX.md"].sort());
    expect(sync.notesIn(day)).toEqual(["b"]);
    expect(await sync.row("a")).toMatchObject({
      status: "processed",
      groupKey: null,
      fileSource: "a@CTX.md",
    });
    await sync.show(...notes("a", "b"));
    expect(sync.names()).toEqual([day]);
    expect(sync.notesIn(day)).toEqual(["a", "b"]);
  });

  test("a note that moves to another day changes both documents, and a group that it leaves empty is removed", async () => {
    const sync = await mergingSync();
    await sync.show(memoryOf("a"), memoryOf("b", late));
    expect(await sync.show(memoryOf("a", late), memoryOf("b", late))).toMatchObject({ outcome: "success" });
    expect(sync.names()).toEqual([nextDay]);
    expect(sync.notesIn(nextDay)).toEqual(["a", "b"]);
    expect((await sync.row("2025-01-01~no-place")).status).toBe("deleted");
    await sync.show(memoryOf("a"), memoryOf("b", late));
    expect(sync.notesIn(day)).toEqual(["a"]);
    expect(sync.notesIn(nextDay)).toEqual(["b"]);
  });

  test("a note that becomes empty or broken leaves the document", async () => {
    const sync = await mergingSync();
    await sync.show(...notes("a", "b", "c"));
    sync.source.malformed = [{ id: "c", problems: ["no"], excerpt: "{}", fingerprint: "f" }];
    await sync.show(memoryOf("a"), memoryOf("b", { transcript: "" }));
    expect(sync.notesIn(day)).toEqual(["a"]);
  });

  test("a note that is deleted at the source leaves the document by policy, and the document goes with the last one", async () => {
    const sync = await mergingSync(deletedAtOnce("propagate"));
    await sync.show(...notes("a", "b", "c"));
    expect(await sync.show(...notes("a", "c"))).toMatchObject({ outcome: "success" });
    expect(sync.notesIn(day)).toEqual(["a", "c"]);
    expect((await sync.row("b")).status).toBe("deleted");
    await sync.show();
    expect(sync.names()).toEqual([]);
    await sync.show(...notes("b"));
    expect(sync.notesIn(day)).toEqual(["b"]);
  });

  test("the document of a note that has a tombstone keeps it, also when it is written again", async () => {
    const sync = await mergingSync(deletedAtOnce("tombstone"));
    await sync.show(...notes("a", "b"));
    await sync.show(memoryOf("b", { transcript: "new words" }));
    expect(await sync.row("a")).toMatchObject({ status: "deleted" });
    expect(sync.notesIn(day)).toEqual(["a", "b"]);
  });

  test("a document that LightRAG cannot process is a dead letter that a replay sends again with all its notes", async () => {
    const sync = await mergingSync();
    sync.sink.onInsert = (record) => Object.assign(record, { status: "failed", error: "no" });
    expect(await sync.show(...notes("a", "b"))).toMatchObject({ outcome: "partial", counts: { dead: 1 } });
    sync.sink.onInsert = (record) => Object.assign(record, { status: "processed", chunks: 1 });
    await sync.show(memoryOf("a", { transcript: "better" }), memoryOf("b"));
    expect(sync.notesIn(day)).toEqual(["a", "b"]);
  });

  test("force writes the documents of groups again, once each", async () => {
    const sync = await mergingSync();
    await sync.show(...notes("a", "b"));
    expect(await sync.run({ force: true })).toMatchObject({ counts: { deleted: 1, processed: 1 } });
  });

  test("a run that is cancelled between reading and sending has lost no note", async () => {
    const sync = await mergingSync();
    const stop = new AbortController();
    sync.source.memories = notes("a", "b");
    const off = sync.events.on("run:phase", ({ phase }) => {
      if (phase === "deliver") stop.abort();
    });
    expect(await sync.run({}, stop.signal)).toMatchObject({ outcome: "cancelled" });
    off();
    expect(await sync.run()).toMatchObject({ outcome: "success", counts: { unchanged: 2, processed: 1 } });
    expect(sync.notesIn(day)).toEqual(["a", "b"]);
  });

  test("a memory with the name of a group is not taken for one", async () => {
    const sync = await mergingSync();
    const impostor = memoryOf("2025-01-01~no-place", { transcript: "I am the group." });
    expect(await sync.show(impostor, memoryOf("a"))).toMatchObject({
      outcome: "partial",
      counts: { malformed: 1, processed: 1 },
      errors: [{ code: "MEMORY_MALFORMED" }],
    });
    expect(sync.sink.texts().get(day)).not.toContain("I am the group.");
  });

  test("notes that were documents of their own become one when merging is switched on, and single ones when it is switched off", async () => {
    const single = await quickHarness({}, { tables });
    single.source.memories = notes("a", "b");
    await single.run();
    const enrichment = { ...plainEnrichment, sourceHash: sourceHasher({ merge }) };
    const merging = single.with({ enrichment, transformer: single.transformerWith({ merge }) });
    expect(await merging.run()).toMatchObject({ outcome: "success", counts: { changed: 2, deleted: 2 } });
    expect([...single.sink.texts().keys()]).toEqual([day]);
    expect(await single.run()).toMatchObject({ outcome: "success", counts: { changed: 2, processed: 2 } });
    expect([...single.sink.texts().keys()].sort()).toEqual(["a@CTX.md", "b@CTX.md"]);
  });
});

/** Notes a and b share a document, which has been sent; a's old document of its own cannot be removed. */
async function withDeadNote() {
  const sync = await quickHarness();
  sync.source.memories = notes("a", "b");
  await sync.run();
  const remove = sync.sink.remove.bind(sync.sink);
  sync.sink.remove = async (ids) => {
    if (ids.includes("doc-a@CTX.md")) throw new ConnectorError("SINK_REJECTED", "it stays");
    return remove(ids);
  };
  const parts = {
    transformer: sync.transformerWith({ merge }),
    enrichment: { ...plainEnrichment, sourceHash: sourceHasher({ merge }) },
  };
  const { run } = sync.with(parts);
  expect(await run()).toMatchObject({ counts: { dead: 1 } });
  expect(await sync.row("a")).toMatchObject({ status: "dead", groupKey: "2025-01-01~no-place" });
  const { state } = sync;
  return { ...sync, run, parts: { state, ledger: new LedgerWriter({ ...sync, ...parts }) } };
}

test("a dead note that is dropped leaves its group's document, which the next run sends without it, once", async () => {
  const { sink, run, row, parts } = await withDeadNote();
  expect(sink.texts().get(day)).toContain("what a says");
  expect(await changeDeadLetter(parts, await row("a"), { type: "drop" })).toMatchObject({
    status: "skipped",
    skipReason: "dropped",
    groupKey: null,
  });
  expect(await row("2025-01-01~no-place")).toMatchObject({
    status: "deleting",
    groupKey: "2025-01-01~no-place",
  });
  expect(await run()).toMatchObject({ outcome: "success", counts: { deleted: 1, processed: 1 } });
  expect(sink.texts().get(day)).toContain("what b says");
  expect(sink.texts().get(day)).not.toContain("what a says");
  expect([...sink.texts().keys()].toSorted()).toEqual([day, "a@CTX.md"]);
  expect(await run()).toMatchObject({ outcome: "success", counts: { submitted: 0, deleted: 0 } });
});

test("a dead note and the dead document of its group that are dropped in one go leave a document of the others", async () => {
  const { state, sink, run, row, parts } = await withDeadNote();
  const error = { code: "SINK_REJECTED", message: "no", hint: "" } as const;
  await state.saveRows([{ ...(await row("2025-01-01~no-place")), status: "dead", error }]);
  const { memoryIds } = await changeDeadLetters(parts, "c", {}, { type: "drop" });
  expect([...memoryIds].toSorted()).toEqual(["2025-01-01~no-place", "a"]);
  expect(await run()).toMatchObject({ outcome: "success", counts: { processed: 1 } });
  expect(sink.texts().get(day)).not.toContain("what a says");
});

test("a dead note that is replayed changes nothing of its group's document", async () => {
  const { run, row, parts } = await withDeadNote();
  const document = await row("2025-01-01~no-place");
  await changeDeadLetter(parts, await row("a"), { type: "replay" });
  expect(await row("2025-01-01~no-place")).toEqual(document);
  expect(await run()).toMatchObject({ counts: { submitted: 0, dead: 1 } });
});

test("the guard on resends counts documents, not notes", async () => {
  const sync = await quickHarness({ maxResendPercent: 20 }, { merge });
  const days = Array.from({ length: 12 }, (_, index) => `2025-01-${String(index + 1).padStart(2, "0")}`);
  const notesOf = (text: string) =>
    days.flatMap((date) =>
      ["a", "b"].map((id) => memoryOf(`${date}${id}`, { createdAt: `${date}T10:00:00Z`, transcript: text })),
    );
  sync.source.memories = notesOf("before");
  await sync.run();
  sync.source.memories = [...notesOf("after").slice(0, 20), ...notesOf("before").slice(20)];
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { deleted: 10, processed: 10 } });
  sync.source.memories = notesOf("later");
  expect(await sync.run()).toMatchObject({ outcome: "failed", errors: [{ code: "RUN_HELD" }] });
});

test("documents that a run cut short was replacing are not sent again by the next change, and hold nothing up", async () => {
  const sync = await quickHarness({}, { merge });
  const notesOf = (text: string) =>
    Array.from({ length: 12 }, (_, index) => {
      const createdAt = `2025-01-${String(index + 1).padStart(2, "0")}T10:00:00Z`;
      return memoryOf(`n${index}`, { createdAt, transcript: text });
    });
  sync.source.memories = notesOf("before");
  await sync.run();
  sync.source.memories = notesOf("after");
  const away = { error: new ConnectorError("SINK_UNREACHABLE", "away"), when: "before" } as const;
  sync.sink.submitFaults = Array.from({ length: 20 }, () => away);
  expect(await sync.run({ acceptResends: true })).toMatchObject({ outcome: "failed" });
  sync.sink.submitFaults = [];
  sync.source.memories = notesOf("later");
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 12 } });
});
