import { expect, test } from "vitest";
import type { SimulatedRow } from "../support/lightrag-simulator-store.ts";
import { simulatedSink } from "../support/simulated-sink-harness.ts";

const contradictions: Record<string, Partial<SimulatedRow>> = {
  "another length": { content_length: 27 },
  "another beginning": { content_summary: "Somebody else's text" },
  "another length and beginning": { content_length: 27, content_summary: "Somebody else's text" },
  "another name": { file_path: "somebody-else.md" },
  "the same beginning, one character longer": {},
};

test.each(Object.entries(contradictions))("a processed record with %s is no proof", async (_, wrong) => {
  const longer = (row: SimulatedRow) => ({ ...row, content_length: row.content_length + 1 });
  const showRecord = (row: SimulatedRow) =>
    row.status !== "processed" || !row.file_path.startsWith("m1@")
      ? row
      : { ...(Object.keys(wrong).length === 0 ? longer(row) : row), ...wrong };
  const sync = await simulatedSink({ memories: 3, server: { showRecord } });
  const run = await sync.run();
  expect(run).toMatchObject({ outcome: "partial", counts: { processed: 2, deadLetters: 1 } });
  expect(run.errors).toMatchObject([{ code: "SINK_RECORD_CONTRADICTS", count: 3 }]);
  expect(await sync.row("m1")).toMatchObject({
    status: "dead",
    error: { message: expect.not.stringContaining("Somebody") },
  });
});

test.each(["1.4", "1.5"] as const)(
  "a record that contradicts only once is mended by sending again (%s)",
  async (generation) => {
    let lies = 1;
    const showRecord = (row: SimulatedRow) =>
      row.status === "processed" && lies-- > 0 ? { ...row, content_length: 27 } : row;
    const sync = await simulatedSink({ memories: 1, server: { showRecord, generation } });
    expect(await sync.run()).toMatchObject({
      counts: { processed: 1, dead: 0 },
      errors: [{ code: "SINK_RECORD_CONTRADICTS", count: 1 }],
    });
  },
);

test("what an earlier process handed over is compared as well", async () => {
  let isTrue = true;
  const showRecord = (row: SimulatedRow) =>
    isTrue || row.status !== "processed" ? row : { ...row, content_length: 27 };
  const sync = await simulatedSink({ memories: 2, server: { showRecord, processingMs: 500 } });
  await sync.run({ wait: false });
  isTrue = false;
  expect((await sync.run()).errors).toMatchObject([{ code: "SINK_RECORD_CONTRADICTS" }]);
});

test("no chunks are no proof", async () => {
  const showRecord = (row: SimulatedRow) => (row.status === "processed" ? { ...row, chunks_count: 0 } : row);
  const sync = await simulatedSink({ memories: 1, server: { showRecord } });
  expect((await sync.run()).errors).toMatchObject([{ code: "SINK_NO_CHUNKS" }]);
});
