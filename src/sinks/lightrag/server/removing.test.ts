import { describe, expect, test } from "vitest";
import { connectedDouble, type LightRagDouble } from "../../../../test/support/lightrag-double.ts";
import { documentOf, documents } from "../../../../test/support/lightrag-simulator-test.ts";

const { signal } = new AbortController();
const generations = ["1.4", "1.5"] as const;
const remove = "DELETE /documents/delete_document";
const nobody = `doc-${"0".repeat(32)}`;

type Server = Parameters<typeof connectedDouble>[0];

/** A server that has processed so many documents. */
async function holding(count: number, server: Server, timing = {}) {
  const sink = await connectedDouble(server, { timing });
  for (const each of documents(count)) await sink.client.submit([each], signal);
  await sink.double.time.pass(1_000);
  sink.double.sent.length = 0;
  sink.double.time.sleeps.length = 0;
  const ids = documents(count).map((each) => sink.client.predictDocumentId(each));
  return { ...sink, ids };
}

const asked = (double: LightRagDouble) => double.requests(remove).map(({ json }) => json);

describe.each(generations)("removing from LightRAG %s", (generation) => {
  test("asks once, with the answers of its models but not the files, and waits until the documents are gone", async () => {
    const { double, client, ids } = await holding(3, { generation, deletingMs: 700 });
    expect(await client.remove(ids.slice(0, 2), signal)).toEqual([]);
    expect(asked(double)).toEqual([{ doc_ids: ids.slice(0, 2), delete_file: false, delete_llm_cache: true }]);
    expect(double.names()).toEqual(["m2@ctx.md"]);
    expect(double.server.pipeline.busy).toBe(false);
  });

  test("leaves out ids that are not there, and asks for nothing when none is", async () => {
    const { double, client, ids } = await holding(1, { generation });
    await client.remove([nobody], signal);
    expect(asked(double)).toEqual([]);
    await client.remove([nobody, ...ids], signal);
    expect(asked(double)).toMatchObject([{ doc_ids: ids }]);
  });

  test("waits for a document that was accepted and is not listed yet, and forgets it then", async () => {
    const { double, client } = await connectedDouble({ generation, enqueueMs: 700 });
    const [outcome] = await client.submit([documentOf(1)], signal);
    const ref = { ...documentOf(1), ...(outcome as { documentId: string; trackId: string }) };
    await client.remove([ref.documentId], signal);
    expect(double.rows()).toEqual([]);
    expect(double.server.pipeline.deleted).toBe(1);
    expect(await client.find([ref], signal)).toEqual([undefined]);
  });

  test("waits for a pipeline that is at work, ever longer between two looks, and asks again", async () => {
    const { double, client, ids } = await holding(1, { generation, processingMs: 20_000 });
    await double.time.pass(30_000);
    await client.submit([documentOf(5)], signal);
    await double.time.pass(0);
    await client.remove(ids, signal);
    expect(double.names()).toEqual(["m5@ctx.md"]);
    expect(asked(double)).toHaveLength(2);
    const waits = double.time.sleeps.slice(1, 9);
    expect(waits.slice(0, 3)).toEqual([250, 375, 562.5]);
    expect(Math.max(...double.time.sleeps)).toBeLessThanOrEqual(5_000);
  });

  test("gives up when the pipeline does not come to rest in time, and nothing is deleted", async () => {
    const server = { generation, processingMs: 900_000 };
    const { double, client } = await connectedDouble(server, { timing: { removeMs: 1_000 } });
    await client.submit([documentOf(0)], signal);
    await double.time.pass(100);
    const error = await client
      .remove([client.predictDocumentId(documentOf(0))], signal)
      .catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "SINK_BUSY",
      message: "LightRAG's pipeline is at work",
      retryAfterMs: 5_000,
    });
    expect(double.server.pipeline.deleted).toBe(0);
    expect(double.time.monotonic()).toBeLessThan(3_000);
  });

  test("gives up with LightRAG's own last word when a deletion changes nothing three times", async () => {
    const { double, client, ids } = await holding(2, { generation });
    double.server.pipeline.refuseDeletion = `cannot prove what it owns ${"x".repeat(400)}`;
    const [id = ""] = ids;
    const error = await client.remove([id], signal).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SINK_DELETE_REFUSED", subject: id });
    const said = `LightRAG started to delete "${id}" 3 times, and still has it: Failed to delete: ${id} - cannot prove`;
    expect(error.message.startsWith(said)).toBe(true);
    expect(error.message.length).toBe(
      `LightRAG started to delete "${id}" 3 times, and still has it: `.length + 300,
    );
    expect(asked(double)).toHaveLength(3);
  });

  test.each([[["of another document"]], [[]], [null]])(
    "gives up without a word when the history is %j",
    async (history) => {
      const { double, client, ids } = await holding(1, { generation });
      const started = { status: 200, body: { status: "deletion_started" } };
      double.answers.set(remove, started);
      double.answers.set("GET /documents/pipeline_status", {
        status: 200,
        body: { busy: false, history_messages: history },
      });
      await expect(client.remove(ids, signal)).rejects.toMatchObject({
        code: "SINK_DELETE_REFUSED",
        message: `LightRAG started to delete "${ids[0]}" 3 times, and still has it`,
      });
    },
  );

  test("looks eight times whether an idle pipeline has deleted, before it asks again", async () => {
    const { double, client, ids } = await holding(1, { generation });
    double.fail({
      route: remove,
      kind: "answer",
      answer: { status: 200, body: { status: "deletion_started" } },
    });
    await client.remove(ids, signal);
    expect(asked(double)).toHaveLength(2);
    expect(double.time.sleeps.filter((ms) => ms === 250).length).toBeGreaterThanOrEqual(7);
    expect(double.time.sleeps.length).toBeLessThanOrEqual(8);
    expect(double.rows()).toEqual([]);
  });

  test("waits for a deletion of somebody else, and for no indexing", async () => {
    const { double, client, ids } = await holding(1, { generation });
    const states = [
      { busy: true, job_name: "Deleting 3 Documents" },
      { busy: true, job_name: "clearing all" },
      { busy: true, job_name: "Default Job" },
    ];
    for (const body of states)
      double.fail({ route: "GET /documents/pipeline_status", kind: "answer", answer: { status: 200, body } });
    await client.remove(ids, signal);
    expect(double.time.sleeps.slice(0, 2)).toEqual([250, 375]);
    expect(double.rows()).toEqual([]);
  });

  test("behind a fence needs an operator", async () => {
    const { double, client, ids } = await holding(1, { generation });
    double.server.fence = "Pipeline is fenced pending recovery: a worker died mid delete";
    await expect(client.remove(ids, signal)).rejects.toMatchObject({ code: "SINK_RECOVERY_REQUIRED" });
    expect(double.time.sleeps).toEqual([]);
  });
});

test("the notes that LightRAG made of duplicates of a document go with it, those of others stay", async () => {
  const { double, client, ids } = await holding(2, { generation: "1.5" });
  for (const number of [0, 1])
    await client.submit([{ ...documentOf(number), fileSource: `copy${number}.md` }], signal);
  await double.time.pass(10);
  expect(double.rows()).toHaveLength(4);
  await client.remove(ids.slice(0, 1), signal);
  expect(double.names().toSorted()).toEqual(["copy1.md", "m1@ctx.md"]);
  expect(double.sent.find(({ json }) => JSON.stringify(json)?.includes("status_filter"))?.json).toEqual({
    page: 1,
    page_size: 200,
    sort_field: "updated_at",
    sort_direction: "desc",
    status_filter: "failed",
  });
});

test("LightRAG 1.4, which begins some time after its answer, is asked again when something came in between", async () => {
  const { double, client, ids } = await holding(1, { generation: "1.4", processingMs: 2_000 });
  await double.time.pass(3_000);
  const removing = client.remove(ids, signal);
  await double.time.pass(0);
  await client.submit([documentOf(2)], signal);
  await removing;
  expect(double.names()).toEqual(["m2@ctx.md"]);
});

describe("work that an interruption left behind", () => {
  const reprocess = "POST /documents/reprocess_failed";
  const counted = (counts: Record<string, number>) => ({ status: 200, body: { status_counts: counts } });

  test.each(["pending", "PARSING", "analyzing", "Processing", "preprocessed"])(
    "%s is taken up",
    async (status) => {
      const { double, client } = await connectedDouble({ generation: "1.5" });
      double.answers.set("GET /documents/status_counts", counted({ all: 1, [status]: 1 }));
      await client.resumeInterrupted(signal);
      expect(double.requests(reprocess)).toHaveLength(1);
    },
  );

  test.each([[{}], [{ all: 9, failed: 5, processed: 4 }], [{ pending: 0, processing: 0 }]])(
    "nothing is asked for where there is none: %j",
    async (counts) => {
      const { double, client } = await connectedDouble({ generation: "1.4" });
      double.answers.set("GET /documents/status_counts", counted(counts));
      await client.resumeInterrupted(signal);
      expect(double.requests(reprocess)).toEqual([]);
    },
  );

  test("nothing is asked for while LightRAG is at work", async () => {
    const { double, client } = await connectedDouble({ generation: "1.5", processingMs: 60_000 });
    await client.submit(documents(2), signal);
    await client.resumeInterrupted(signal);
    expect(double.requests(reprocess)).toEqual([]);
  });
});

test.each([
  [{ pipeline_active: true, pipeline_busy: false }, true],
  [{ pipeline_active: false, pipeline_busy: true }, false],
  [{ pipeline_busy: true }, true],
  [{ pipeline_busy: false }, false],
  [{}, false],
])("a server that says %j is at work: %j", async (body, busy) => {
  const { double, client } = await connectedDouble({ generation: "1.5" });
  double.answers.set("GET /health", { status: 200, body });
  expect(await client.isBusy(signal)).toBe(busy);
});

describe("removing many documents of many inserts", () => {
  /** Documents of which each came with an insert of its own, in a LightRAG of so many. */
  async function filled(held: number, removed: number) {
    const { double, client } = await connectedDouble({ generation: "1.5" });
    const { intake, store } = double.server;
    const all = documents(held);
    for (const [at, each] of all.entries()) intake.store([each], `insert_${at}`);
    for (const { id } of store.withStatus("pending"))
      store.update(id, { status: "processed", chunks_count: 1 });
    const step = held / removed;
    const refs = Array.from({ length: removed }, (_, n) => {
      const document = all[n * step] ?? documentOf(0);
      const documentId = client.predictDocumentId(document);
      const trackId = store.get(documentId)?.track_id;
      return { fileSource: document.fileSource, documentId, trackId };
    });
    return { double, client, refs, ids: refs.map(({ documentId }) => documentId) };
  }

  async function costOf(held: number, removed: number) {
    const { double, client, refs, ids } = await filled(held, removed);
    await client.find(refs, signal);
    await client.remove(ids, signal);
    expect(double.rows()).toHaveLength(held - removed);
    const pages = double.requests("POST /documents/paginated").length;
    return { requests: double.sent.length, pages };
  }

  test("asks for no more where LightRAG holds more, and hardly for a page of its sorted listing", async () => {
    const small = await costOf(1_500, 30);
    const large = await costOf(6_000, 30);
    expect(large.requests / small.requests).toBeLessThanOrEqual(1.2);
    expect(large.pages).toBeLessThanOrEqual(4);
  });

  test("removes a document whose track has become another one, and one that came back meanwhile", async () => {
    const { double, client, refs, ids } = await filled(1_500, 50);
    await client.find(refs, signal);
    for (const id of ids.slice(0, 5)) double.server.store.update(id, { track_id: "insert_of_others" });
    await client.remove(ids, signal);
    expect(double.rows()).toHaveLength(1_450);
    double.server.intake.store([documentOf(0)], "insert_again");
    await client.remove(ids.slice(0, 1), signal);
    expect(double.rows()).toHaveLength(1_450);
  });
});
