import { describe, expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { AdmissionControl } from "../guards/admission.ts";
import type { RunOptions } from "../run-options.ts";
import { retryDueFailures } from "./due.ts";
import { removeOldDocuments } from "./removals.ts";

const edited = (id: string) => memoryOf(id, { transcript: "something else" });

/** Delivered memories whose documents are to be removed, because their texts have changed. */
async function replacing(
  ids: readonly string[],
  change: Partial<LedgerRow> = {},
  options: Partial<RunOptions> = {},
) {
  const sync = await quickHarness();
  sync.source.memories = ids.map((id) => memoryOf(id));
  if (ids.length > 0) await sync.run();
  const delivered = await Promise.all(ids.map((id) => sync.row(id)));
  await sync.state.saveRows(
    delivered.map((row) => ({
      ...row,
      status: "deleting" as const,
      deleteReason: "update" as const,
      payload: edited(row.memoryId),
      contentHash: sync.transformer.write("CTX", edited(row.memoryId)).contentHash,
      ...change,
    })),
  );
  sync.sink.calls.length = 0;
  const notices: string[] = [];
  sync.events.on("run:notice", ({ message }) => notices.push(message));
  const run = await runContext(sync, options);
  const remove = () => removeOldDocuments(run, new AdmissionControl(run), run.signal);
  /** Makes LightRAG hold something else under the first name. */
  const hold = (record: Partial<DocumentRecord>) => {
    for (const held of sync.sink.documents.values()) Object.assign(held, record);
  };
  const statuses = async () => (await Promise.all(ids.map((id) => sync.row(id)))).map(({ status }) => status);
  return { ...sync, run, notices, remove, hold, statuses };
}

/** The wanted text is what LightRAG holds already. */
const asWanted: Partial<LedgerRow> = { payload: memoryOf("a") };

test("documents of changed memories go, all at once, and the new texts are to be sent", async () => {
  const { remove, statuses, sink, run } = await replacing(["a", "b", "c"]);
  expect(await remove()).toBeNull();
  expect(sink.calls).toEqual(["remove 3"]);
  expect(sink.documents.size).toBe(0);
  expect(await statuses()).toEqual(["pending", "pending", "pending"]);
  expect(run.report.counts).toMatchObject({ deleted: 3, adopted: 0 });
});

test("more than one page of them go", async () => {
  const ids = Array.from({ length: 105 }, (_, at) => `m${at}`);
  const { remove, sink } = await replacing(ids);
  expect(await remove()).toBeNull();
  expect(sink.calls).toEqual(["remove 100", "remove 5"]);
});

test("without anything to remove LightRAG is not asked", async () => {
  const { remove, sink } = await replacing([]);
  expect(await remove()).toBeNull();
  expect(sink.calls).toEqual([]);
});

test("what is not due yet, or not allowed, stays", async () => {
  const later = await replacing(["a"], { nextAttemptAt: Number.MAX_SAFE_INTEGER });
  await later.remove();
  expect(later.sink.calls).toEqual([]);
  const broke = await replacing(["a"]);
  const run = {
    ...broke.run,
    settings: { ...broke.settings, budget: { documents: 1, characters: null, tokens: null } },
  };
  expect(await removeOldDocuments(run, new AdmissionControl(run), run.signal)).toBeNull();
  expect(broke.sink.calls).toEqual([]);
});

describe("a LightRAG that is busy", () => {
  test.each([
    [{ retryAfterMs: 250 }, 250],
    [{}, 5_000],
  ])("and says %o is left alone for %d ms, at no row's cost, and a person is told", async (says, restMs) => {
    const { remove, statuses, sink, notices, row } = await replacing(["a", "b"]);
    sink.removeFaults = [new ConnectorError("SINK_BUSY", "at work", says)];
    expect(await remove()).toBe(restMs);
    expect(notices).toEqual(["LightRAG is busy; old documents are removed later: at work"]);
    expect(await statuses()).toEqual(["deleting", "deleting"]);
    expect((await row("a")).attempts).toBe(0);
  });

  test("in the middle of a division stops there", async () => {
    const { remove, sink } = await replacing(["a", "b", "c", "d"]);
    sink.removeFaults = [
      new ConnectorError("SINK_DELETE_REFUSED", "no"),
      new ConnectorError("SINK_BUSY", "now"),
    ];
    expect(await remove()).toBe(5_000);
    expect(sink.calls).toEqual(["remove 4", "remove 2"]);
  });
});

test("a deletion that fails names no culprit: the group is divided until one alone loses an attempt", async () => {
  const { remove, statuses, sink, row } = await replacing(["a", "b", "c"]);
  const no = () => new ConnectorError("SINK_DOCUMENT_FAILED", "no");
  sink.removeFaults = [no(), no(), no()];
  expect(await remove()).toBeNull();
  expect(sink.calls).toEqual(["remove 3", "remove 2", "remove 1", "remove 1", "remove 1"]);
  expect(await statuses()).toEqual(["deleting", "pending", "pending"]);
  expect(await row("a")).toMatchObject({ attempts: 1, error: { code: "SINK_DOCUMENT_FAILED" } });
});

test("an outage and a defect are no document's fault", async () => {
  for (const fault of [new ConnectorError("SINK_UNAUTHORIZED", "away"), new Error("a defect")]) {
    const { remove, statuses, sink } = await replacing(["a", "b"]);
    sink.removeFaults = [fault as ConnectorError];
    await expect(remove()).rejects.toBe(fault);
    expect(await statuses()).toEqual(["deleting", "deleting"]);
  }
});

describe("a document that turns out to be right is kept", () => {
  test.each([
    ["of the wanted text, processed", {}, {}, 1],
    ["of the wanted text, at work", {}, { status: "processing" }, 1],
    [
      "of the wanted text, at work without an end",
      { error: { code: "SINK_DOCUMENT_STUCK", message: "", hint: "" } },
      { status: "processing" },
      0,
    ],
    ["that was to be tried again", { deleteReason: "retry" }, {}, 1],
    ["of a memory that is withdrawn", { deleteReason: "withdraw" }, {}, 0],
    ["of a memory that is gone", { deleteReason: "propagate" }, {}, 0],
    ["of another text", {}, { contentLength: 1 }, 0],
    ["that failed", {}, { status: "failed" }, 0],
    ["of a memory that is not known any more", { payload: null }, {}, 0],
    ["of a memory that is to be skipped now", { payload: memoryOf("a", { transcript: "" }) }, {}, 0],
  ] as [string, Partial<LedgerRow>, Partial<DocumentRecord>, number][])(
    "%s",
    async (_, row, record, adopted) => {
      const { remove, sink, run, hold, row: rowOf } = await replacing(["a"], { ...asWanted, ...row });
      hold(record);
      await remove();
      expect(run.report.counts.adopted).toBe(adopted);
      expect(sink.calls).toEqual(adopted === 1 ? [] : ["remove 1"]);
      if (adopted === 1)
        expect(await rowOf("a")).toMatchObject({ status: "submitted", documentId: "doc-a@CTX.md" });
    },
  );

  test("but not for who forces a delivery, unless it was to be tried again", async () => {
    const forced = await replacing(["a"], asWanted, { force: true });
    await forced.remove();
    expect(forced.sink.calls).toEqual(["remove 1"]);
    const again = await replacing(["a"], { ...asWanted, deleteReason: "retry" }, { force: true });
    await again.remove();
    expect(again.sink.calls).toEqual([]);
  });

  test("with the track that LightRAG gave it", async () => {
    const { remove, hold, row } = await replacing(["a"], asWanted);
    hold({ trackId: "their track" });
    await remove();
    const kept = await row("a");
    expect(kept).toMatchObject({ trackId: "their track" });
  });
});

describe("a document under a foreign name", () => {
  const foreign = { documentId: "doc-of-text" };

  test("is let go of without removing it", async () => {
    const { remove, sink, statuses } = await replacing(["a"], foreign);
    const [held] = sink.documents.values();
    if (held === undefined) throw new Error("a document");
    sink.documents.set("doc-of-text", { ...held, documentId: "doc-of-text", fileSource: "other.md" });
    await remove();
    expect(sink.calls).toEqual(["remove 0"]);
    expect(await statuses()).toEqual(["pending"]);
  });

  test("is removed where it is the row's own after all", async () => {
    const { remove, sink } = await replacing(["a"], foreign);
    const [held] = sink.documents.values();
    if (held === undefined) throw new Error("a document");
    sink.documents.set("doc-of-text", { ...held, documentId: "doc-of-text" });
    await remove();
    expect([...sink.documents.keys()]).toEqual(["doc-a@CTX.md"]);
  });

  test("a row without a document has none to remove", async () => {
    const { remove, sink } = await replacing(["a"], { documentId: null });
    await remove();
    expect(sink.calls).toEqual(["remove 0"]);
  });
});

test("failed rows whose wait is over are sent again, page after page, and the others wait", async () => {
  const sync = await quickHarness();
  const rows = await pendingRows(
    sync,
    Array.from({ length: 103 }, (_, at) => memoryOf(`m${at}`)),
  );
  const now = sync.clock.now();
  await sync.state.saveRows(
    rows.map((row, at) => ({
      ...row,
      status: "failed" as const,
      nextAttemptAt: at === 0 ? now + 60_000 : now,
    })),
  );
  await retryDueFailures(await runContext(sync));
  expect(await sync.state.countRows("c")).toMatchObject({ pending: 102, failed: 1 });
});
