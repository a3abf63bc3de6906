import { describe, expect, test } from "vitest";
import { connectedDouble, type LightRagDouble } from "../../../../test/support/lightrag-double.ts";
import { documentOf, documents } from "../../../../test/support/lightrag-simulator-test.ts";
import type { DocumentRef, LightRagClient, OutgoingDocument } from "../light-rag-client.ts";

const { signal } = new AbortController();
const page = "POST /documents/paginated";
const track = "GET /documents/track_status";

/** A server with so many processed documents, of which every fifty have a track. */
async function filled(count: number) {
  const sink = await connectedDouble({ generation: "1.5" });
  fill(sink.double, documents(count));
  return sink;
}

function fill({ server }: LightRagDouble, all: readonly OutgoingDocument[], tracks = 50): void {
  for (const [at, each] of all.entries())
    server.intake.store([each], `insert_${all.length}_${Math.floor(at / tracks)}`);
  for (const { id } of server.store.withStatus("pending"))
    server.store.update(id, { status: "processed", chunks_count: 1 });
}

const refsOf = (client: LightRagClient, sent: readonly OutgoingDocument[]): DocumentRef[] =>
  sent.map((each) => ({ fileSource: each.fileSource, documentId: client.predictDocumentId(each) }));
const routes = (double: LightRagDouble) =>
  double.sent.map(({ route }) => route.replace(/status\/.*/u, "status"));
const found = async (client: LightRagClient, refs: readonly DocumentRef[]) =>
  (await client.find(refs, signal)).map((record) => record?.fileSource);
const tracked = (double: LightRagDouble, refs: readonly DocumentRef[]) =>
  refs.map((ref) => ({ ...ref, trackId: double.server.store.get(ref.documentId)?.track_id }));

describe("finding documents among 1,000", () => {
  test("takes one request for those that changed last, newest first", async () => {
    const { double, client } = await filled(1_000);
    const sent = documents(120, 880);
    expect(await found(client, refsOf(client, sent))).toEqual(sent.map(({ fileSource }) => fileSource));
    expect(double.sent.map(({ json }) => json)).toEqual([
      { page: 1, page_size: 200, sort_field: "updated_at", sort_direction: "desc" },
    ]);
  });

  test("takes one request for a few whose one track is known, however old", async () => {
    const { double, client } = await filled(1_000);
    const refs = tracked(double, refsOf(client, documents(20)));
    expect(await found(client, refs)).toEqual(documents(20).map(({ fileSource }) => fileSource));
    expect(routes(double)).toEqual([track]);
  });

  test("reads up to 40 tracks that are not among the recent ones, and no more", async () => {
    for (const [count, tracks] of [
      [4, 4],
      [40, 40],
      [41, 0],
    ] as const) {
      const { double, client } = await connectedDouble({ generation: "1.5" });
      fill(double, documents(count), 1);
      fill(double, documents(400, 1_000));
      const refs = tracked(double, refsOf(client, documents(count)));
      expect(await found(client, refs)).toEqual(documents(count).map(({ fileSource }) => fileSource));
      expect(routes(double).filter((route) => route === track)).toHaveLength(tracks);
    }
  });

  test("takes a few requests for one by its id, there or not", async () => {
    const { double, client } = await filled(1_000);
    for (const number of [0, 333, 999, 5_000]) {
      double.sent.length = 0;
      const [record] = await found(client, refsOf(client, [documentOf(number)]));
      expect(record).toBe(number < 1_000 ? `m${number}@ctx.md` : undefined);
      expect(double.sent.length).toBeLessThanOrEqual(5);
      expect(
        double.sent.every(({ json }) =>
          JSON.stringify(json).includes('"sort_field":"id","sort_direction":"asc"'),
        ),
      ).toBe(true);
    }
  });

  test("reads everything once when many old ones are asked for, there or not", async () => {
    const { double, client } = await filled(1_000);
    const sent = documents(1_500);
    const records = await found(client, refsOf(client, sent));
    expect(records).toEqual(sent.map(({ fileSource }, at) => (at < 1_000 ? fileSource : undefined)));
    expect(double.sent.length).toBeLessThanOrEqual(16);
  });

  test("takes one by one those that are cheaper to search than to read everything for", async () => {
    const { double, client } = await filled(4_000);
    const sent = [documentOf(3), documentOf(1_700)];
    expect(await found(client, refsOf(client, sent))).toEqual(["m3@ctx.md", "m1700@ctx.md"]);
    expect(double.sent.length).toBeLessThanOrEqual(12);
  });

  test("lists them all by page, in the order of the ids, each once", async () => {
    const { double, client } = await filled(450);
    const pages: number[] = [];
    const names = new Set<string>();
    for await (const records of client.list(signal)) {
      pages.push(records.length);
      for (const { fileSource } of records) names.add(fileSource);
    }
    expect(pages).toEqual([200, 200, 50]);
    expect(names.size).toBe(450);
    expect(double.requests(page).map(({ json }) => json)).toEqual(
      [1, 2, 3].map((number) => ({ page: number, page_size: 200, sort_field: "id", sort_direction: "asc" })),
    );
  });
});

describe("a duplicate that LightRAG refused", () => {
  /** One document and a copy of it under another name, which became a note. */
  async function withCopy() {
    const sink = await connectedDouble({ generation: "1.5" });
    await sink.client.submit([documentOf(1)], signal);
    await sink.double.time.pass(10);
    const copy = { ...documentOf(1), fileSource: "copy@ctx.md" };
    const [outcome] = await sink.client.submit([copy], signal);
    await sink.double.time.pass(40_000);
    const { documentId, trackId } = outcome as { documentId: string; trackId: string };
    return { ...sink, ref: { fileSource: copy.fileSource, documentId, trackId } };
  }

  test("is found as the document that holds the text", async () => {
    const { client, ref } = await withCopy();
    expect(await client.find([ref], signal)).toMatchObject([
      { fileSource: "m1@ctx.md", status: "processed" },
    ]);
  });

  test("is nothing where its track is not known, and is listed nowhere", async () => {
    const { client, ref } = await withCopy();
    expect(await client.find([{ ...ref, trackId: undefined }], signal)).toEqual([undefined]);
    for await (const records of client.list(signal))
      expect(records.map(({ fileSource }) => fileSource)).toEqual(["m1@ctx.md"]);
  });

  test("whose note does not say of what is nothing", async () => {
    const { double, client, ref } = await withCopy();
    const note = double.rows().find(({ status }) => status === "failed");
    double.server.store.update(note?.id ?? "", { metadata: { is_duplicate: true } });
    expect(await client.find([ref], signal)).toEqual([undefined]);
  });
});

test("a document that was inserted again under another id is found by its track and name", async () => {
  const { double, client } = await connectedDouble({ generation: "1.4" });
  const [outcome] = await client.submit([documentOf(1)], signal);
  const { trackId } = outcome as { trackId: string };
  await double.time.pass(10);
  const ref = { fileSource: "m1@ctx.md", documentId: `doc-${"f".repeat(32)}`, trackId };
  expect(await client.find([ref], signal)).toMatchObject([{ fileSource: "m1@ctx.md" }]);
  expect(await client.find([{ ...ref, fileSource: "other.md" }], signal)).toEqual([undefined]);
});

describe("the models of a server", () => {
  const ask = "POST /query/data";

  test.each([
    [200, {}, true],
    [500, {}, false],
    [503, {}, null],
    [429, {}, null],
    [404, {}, null],
  ])("answer a question or not: %i is %j", async (status, body, answers) => {
    const { double, client } = await connectedDouble({ generation: "1.5" });
    double.answers.set(ask, { status, body });
    expect(await client.modelsAnswer(signal)).toBe(answers);
    expect(double.requests(ask)).toMatchObject([
      {
        json: {
          query: "Does the model answer at 2026-01-01T00:00:00.000Z?",
          mode: "mix",
          top_k: 1,
          chunk_top_k: 1,
        },
        attemptTimeoutMs: 60_000,
      },
    ]);
  });

  test("are not said to fail by who has given up", async () => {
    const { client } = await connectedDouble({ generation: "1.5" });
    await expect(client.modelsAnswer(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    await expect(client.holdsEntities(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });

  test.each([
    [200, ["Nora"], true],
    [200, [], false],
    [200, { labels: [] }, null],
    [404, {}, null],
    [500, {}, null],
  ])("have found something or not: %i %j is %j", async (status, body, holds) => {
    const { double, client } = await connectedDouble({ generation: "1.5" });
    double.answers.set("GET /graph/label/popular", { status, body });
    expect(await client.holdsEntities(signal)).toBe(holds);
    expect(double.sent).toMatchObject([{ query: { limit: 1 } }]);
  });
});
