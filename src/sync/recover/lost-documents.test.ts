import { describe, expect, test } from "vitest";
import { runContext } from "../../../test/support/run-context.ts";
import type { ScriptedSink } from "../../../test/support/scripted-sink.ts";
import { memoryOf, quickHarness } from "../../../test/support/sync-harness.ts";
import { reportLostDocuments } from "./lost-documents.ts";

const day = 86_400_000;
const clear = ({ documents }: ScriptedSink) => documents.clear();

/** Forty delivered memories, a day apart, and a LightRAG to which this happens; `counted` is what it says that it holds. */
async function deliveredTo(happens: (sink: ScriptedSink) => unknown, counted?: number | null) {
  const sync = await quickHarness({}, { startAt: Date.UTC(2026, 0, 1) });
  const aged = (n: number) => new Date(sync.clock.now() - n * day).toISOString();
  sync.source.memories = Array.from({ length: 40 }, (_, n) => memoryOf(`m${n}`, { createdAt: aged(n) }));
  await sync.run();
  happens(sync.sink);
  const { connect } = sync.sink;
  sync.sink.connect = async () => {
    const info = await connect.call(sync.sink);
    return counted === null ? info : { ...info, documents: counted ?? sync.sink.documents.size };
  };
  return sync;
}

async function toldOf(happens: (sink: ScriptedSink) => unknown, counted?: number | null) {
  const run = await runContext(await deliveredTo(happens, counted));
  await reportLostDocuments(run, run.signal);
  return run.report.toRecord("success", null).errors.map(({ message }) => message);
}

const without =
  (...numbers: number[]) =>
  ({ documents }: ScriptedSink) => {
    for (const n of numbers) documents.delete(`doc-m${n}@CTX.md`);
  };

describe("a LightRAG", () => {
  test.each([
    ["that was emptied is told", clear, /^LightRAG at memory holds 0 documents, and 40 .*; 20 of 20 /],
    ["that lacks the newest is told", without(0, 1, 2), /^LightRAG at memory holds 37 documents.*; 3 of 20 /],
    ["that lacks the oldest is told", without(39), /^LightRAG at memory holds 39 documents.*; 1 of 20 /],
  ])("%s", async (_, happens, said) => {
    expect(await toldOf(happens)).toEqual([expect.stringMatching(said)]);
  });

  test.each([
    ["that has all of them", () => {}, undefined],
    ["that holds one document for several memories", () => {}, 7],
    ["that does not say how many it holds", clear, null],
  ])("%s is not accused", async (_, happens, counted) => {
    expect(await toldOf(happens, counted)).toEqual([]);
  });
});

describe("a LightRAG of another address", () => {
  const movedTo = async (happens: (sink: ScriptedSink) => unknown) => {
    const sync = await deliveredTo(happens, 500);
    const { connect } = sync.sink;
    sync.sink.connect = async () => ({ ...(await connect.call(sync.sink)), location: "elsewhere" });
    return sync;
  };

  test("is looked at though it holds more documents, by every run until it has them", async () => {
    const sync = await movedTo(clear);
    for (let run = 0; run < 2; run += 1)
      expect(await sync.run()).toMatchObject({
        outcome: "partial",
        errors: [{ message: expect.stringMatching(/^LightRAG at elsewhere holds 500 documents, and 40 /) }],
      });
  });

  test("that has them is believed", async () => {
    expect(await (await movedTo(() => {})).run()).toMatchObject({ outcome: "success", errors: [] });
  });
});

test("the run is partial, delivers what is new, and sends nothing again unasked", async () => {
  const sync = await deliveredTo(clear);
  sync.source.memories.push(memoryOf("new"));
  const record = await sync.run();
  expect(record).toMatchObject({
    outcome: "partial",
    counts: { submitted: 1, processed: 1 },
    errors: [
      {
        code: "SINK_DOCUMENTS_MISSING",
        hint: expect.stringContaining("`memory-connector reconcile --repair --connector-id c`"),
      },
    ],
  });
  expect([...sync.sink.documents.keys()]).toEqual(["doc-new@CTX.md"]);
});
