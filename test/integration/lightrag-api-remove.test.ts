import { describe, expect, it } from "vitest";
import { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import {
  type ConnectedSimulator,
  connectedSimulator,
  documentOf,
  documents,
  never,
} from "../support/lightrag-simulator-test.ts";

async function processed({ simulator }: ConnectedSimulator, count: number): Promise<void> {
  await expect
    .poll(() => simulator.documents().filter(({ status }) => status === "processed").length, {
      timeout: 10_000,
    })
    .toBe(count);
}

describe("removing", () => {
  it("sends nothing for documents that are not there", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.4" });
    await client.remove([`doc-${"0".repeat(32)}`], never);
    expect(simulator.requests["DELETE /documents/delete_document"]).toBeUndefined();
  });

  it("waits for a document that was accepted and does not stand in the listing yet", async () => {
    const sink = await connectedSimulator({ generation: "1.5", enqueueMs: 200 });
    await sink.client.submit([documentOf(1)], never);
    await sink.client.remove([sink.client.predictDocumentId(documentOf(1))], never);
    expect(sink.simulator.counts).toMatchObject({ inserted: 1, deleted: 1 });
  });

  it("deletes the notes that LightRAG made of duplicates of the document", async () => {
    const sink = await connectedSimulator({ generation: "1.5" });
    await sink.client.submit([documentOf(1)], never);
    await sink.client.submit([{ ...documentOf(1), fileSource: "copy@ctx.md" }], never);
    await expect.poll(() => sink.simulator.rows().length).toBe(2);
    await sink.client.remove([sink.client.predictDocumentId(documentOf(1))], never);
    expect(sink.simulator.rows()).toEqual([]);
  });

  it("asks again when LightRAG 1.4 gave up because an insert came in between", async () => {
    const sink = await connectedSimulator({ generation: "1.4", processingMs: 100 });
    await sink.client.submit([documentOf(1)], never);
    await processed(sink, 1);
    await expect.poll(() => sink.client.isBusy(never)).toBe(false);
    const removing = sink.client.remove([sink.client.predictDocumentId(documentOf(1))], never);
    await expect.poll(() => sink.simulator.requests["DELETE /documents/delete_document"] ?? 0).toBe(1);
    await sink.client.submit([documentOf(2)], never);
    await removing;
    expect(sink.simulator.documents().map((row) => row.file_path)).toEqual(["m2@ctx.md"]);
  });

  it("says that LightRAG is busy when the pipeline does not come to rest in time", async () => {
    const sink = await connectedSimulator(
      { generation: "1.5", processingMs: 60_000 },
      { timing: { removeMs: 200 } },
    );
    await sink.client.submit(documents(2), never);
    await expect.poll(() => sink.client.isBusy(never)).toBe(true);
    const id = sink.client.predictDocumentId(documentOf(0));
    await expect(sink.client.remove([id], never)).rejects.toMatchObject({ code: "SINK_BUSY" });
    expect(sink.simulator.counts.deleted).toBe(0);
  });

  it("gives up with LightRAG's own words when a deletion changes nothing", async () => {
    const sink = await connectedSimulator({ generation: "1.5" });
    await sink.client.submit([documentOf(1)], never);
    await processed(sink, 1);
    const id = sink.client.predictDocumentId(documentOf(1));
    sink.simulator.refuseDeletion = "cannot prove what the document owns";
    await expect(sink.client.remove([id], never)).rejects.toMatchObject({
      code: "SINK_DELETE_REFUSED",
      reaction: "skip-item",
      message: expect.stringContaining("cannot prove what the document owns"),
    });
  });
});

describe("a note of a refused duplicate that keeps a name in LightRAG 1.4", () => {
  /** Two inserts of one text at once: the second becomes a note under its name. */
  async function withNote(): Promise<ConnectedSimulator> {
    const sink = await connectedSimulator({ generation: "1.4", enqueueMs: 50 });
    const first = documentOf(1);
    await Promise.all([
      sink.client.submit([first], never),
      sink.client.submit([{ ...first, fileSource: "copy@ctx.md" }], never),
    ]);
    await expect.poll(() => sink.simulator.rows().length).toBe(2);
    await processed(sink, 1);
    return sink;
  }

  it("leads to the document that holds the text", async () => {
    const { simulator, client } = await withNote();
    const [original] = simulator.documents();
    const [outcome] = await client.submit([{ ...documentOf(1), fileSource: "copy@ctx.md" }], never);
    expect(outcome).toMatchObject({ kind: "exists", record: { documentId: original?.id } });
  });

  it("is deleted when another text comes under its name", async () => {
    const { simulator, client } = await withNote();
    const blocked = simulator.rows().find((row) => row.status === "failed")?.file_path ?? "";
    await expect.poll(() => client.isBusy(never)).toBe(false);
    const [outcome] = await client.submit([{ ...documentOf(2), fileSource: blocked }], never);
    expect(outcome).toMatchObject({ kind: "accepted" });
    await expect.poll(() => simulator.rows().map((row) => row.status)).toEqual(["processed", "processed"]);
  });
});

describe("resuming", () => {
  it.each(["1.4", "1.5"] as const)(
    "asks LightRAG %s for nothing when nothing is unfinished",
    async (generation) => {
      const sink = await connectedSimulator({ generation });
      sink.simulator.model = { refuseAll: true };
      await sink.client.submit([documentOf(1)], never);
      await expect.poll(() => sink.simulator.documents()[0]?.status).toBe("failed");
      await sink.client.resumeInterrupted(never);
      expect(sink.simulator.requests["POST /documents/reprocess_failed"]).toBeUndefined();
    },
  );

  it("asks for nothing while LightRAG is at work", async () => {
    const sink = await connectedSimulator({ generation: "1.5", processingMs: 60_000 });
    await sink.client.submit(documents(2), never);
    await expect.poll(() => sink.client.isBusy(never)).toBe(true);
    await sink.client.resumeInterrupted(never);
    expect(sink.simulator.requests["POST /documents/reprocess_failed"]).toBeUndefined();
  });
});

it("a client that was not connected says so", async () => {
  const fresh = new LightRagApiClient({ url: "http://127.0.0.1:9" });
  expect(() => fresh.predictDocumentId(documentOf(1))).toThrow("before it was connected");
  await fresh.close();
});
