import { expect, test } from "vitest";
import { pendingRows, runContext } from "../../../test/support/run-context.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { AcceptanceProbe } from "./acceptance-probe.ts";

/** A document that LightRAG holds, and a probe that knows of it. */
async function probing({ remembered = true } = {}) {
  const sync = await quickHarness();
  sync.source.memories = [memoryOf("a")];
  await sync.run();
  sync.sink.calls.length = 0;
  const row = await sync.row("a");
  const run = await runContext(sync);
  const probe = new AcceptanceProbe();
  const text = sync.sink.texts().get(row.fileSource) ?? "";
  if (remembered) probe.remember({ row, document: { fileSource: row.fileSource, text } });
  const change = (change: Partial<DocumentRecord>) => {
    for (const record of sync.sink.documents.values()) Object.assign(record, change);
  };
  return { ...sync, run, row, probe, change };
}

test("a LightRAG that answers as it should is asked with a document that it holds, and holds no more than before", async () => {
  const { probe, run, sink } = await probing();
  expect(await probe.probe(run, run.signal)).toBe(true);
  expect(sink.calls).toEqual(["submit 1"]);
  expect(sink.documents.size).toBe(1);
});

test("one at work on the document may be asked as well", async () => {
  const { probe, run, change } = await probing();
  change({ status: "processing" });
  expect(await probe.probe(run, run.signal)).toBe(true);
});

test.each([
  ["is gone", { documentId: "another" }],
  ["failed", { status: "failed" }],
  ["shows another text", { contentLength: 1 }],
] as const)("a document whose record %s proves nothing and is not sent", async (what, change) => {
  const { probe, run, sink, change: alter } = await probing();
  if (what === "is gone") sink.documents.clear();
  else alter(change);
  expect(await probe.probe(run, run.signal)).toBeNull();
  expect(sink.calls).toEqual([]);
});

test.each([
  ["SINK_SERVER_ERROR", false],
  ["SINK_OUTCOME_UNKNOWN", false],
  ["SINK_BUSY", null],
] satisfies [ErrorCode, boolean | null][])("%s, said twice, says %s", async (code, says) => {
  const { probe, run, sink } = await probing();
  sink.submitFaults = Array(2).fill({ error: new ConnectorError(code, "no"), when: "before" });
  expect(await probe.probe(run, run.signal)).toBe(says);
});

test("an outage, a defect and a run that was cancelled are thrown", async () => {
  const { probe, run, sink } = await probing();
  const unreachable = new ConnectorError("SINK_UNREACHABLE", "away");
  sink.submitFaults = [{ error: unreachable, when: "before" }];
  await expect(probe.probe(run, run.signal)).rejects.toBe(unreachable);
  sink.submit = () => Promise.reject(new Error("a defect"));
  await expect(probe.probe(run, run.signal)).rejects.toThrow("a defect");
  const stop = new AbortController();
  sink.submit = async () => {
    stop.abort();
    throw new ConnectorError("SINK_SERVER_ERROR", "cut");
  };
  await expect(probe.probe(run, stop.signal)).rejects.toThrow("cut");
});

test("an answer about no document, and a refusal of this one, are no yes", async () => {
  const { probe, run, sink } = await probing();
  sink.submit = async () => [];
  expect(await probe.probe(run, run.signal)).toBe(false);
  sink.submit = async () => [{ kind: "rejected", error: new ConnectorError("SINK_REJECTED", "no") }];
  expect(await probe.probe(run, run.signal)).toBe(false);
});

test("where the run has sent nothing yet, a memory that the source shows unchanged is written again", async () => {
  const { probe, run, row, sink } = await probing({ remembered: false });
  expect(await probe.probe(run, run.signal)).toBeNull();
  run.known.noteUnchanged(row, memoryOf("a"));
  expect(await probe.probe(run, run.signal)).toBe(true);
  expect(sink.calls).toEqual(["submit 1"]);
});

test.each([
  ["would be another text now", memoryOf("a", { transcript: "changed" }), {}],
  ["would be skipped now", memoryOf("a", { transcript: "" }), {}],
  ["was another one", memoryOf("a"), { contentHash: "other" }],
] satisfies [string, object, Partial<LedgerRow>][])(
  "a memory that %s is no probe",
  async (_, memory, change) => {
    const { probe, run, row, sink } = await probing({ remembered: false });
    run.known.noteUnchanged({ ...row, ...change }, memory as ReturnType<typeof memoryOf>);
    expect(await probe.probe(run, run.signal)).toBeNull();
    expect(sink.calls).toEqual([]);
  },
);

test("rows that are not delivered are known as nothing", async () => {
  const sync = await quickHarness();
  const run = await runContext(sync);
  for (const row of await pendingRows(sync, [memoryOf("a")])) run.known.noteUnchanged(row, memoryOf("a"));
  expect(run.known.first).toBeNull();
});

test("a document that LightRAG does not list yet is no probe: it would be taken twice", async () => {
  const { probe, run, change, sink } = await probing();
  change({ status: "pending", awaited: true });
  expect(await probe.probe(run, run.signal)).toBeNull();
  expect(sink.calls).toEqual([]);
});
