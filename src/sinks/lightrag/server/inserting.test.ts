import { describe, expect, test } from "vitest";
import { connectedDouble, type LightRagDouble } from "../../../../test/support/lightrag-double.ts";
import { documentOf, documents } from "../../../../test/support/lightrag-simulator-test.ts";
import type { LightRagClient, OutgoingDocument, SubmitOutcome } from "../light-rag-client.ts";

const { signal } = new AbortController();
const generations = ["1.4", "1.5"] as const;
const insert = "POST /documents/text";
const kinds = (outcomes: readonly SubmitOutcome[]) => outcomes.map(({ kind }) => kind);
const failureOf = (client: LightRagClient, sent: readonly OutgoingDocument[]) =>
  client.submit(sent, signal).then(
    () => expect.unreachable("the insert should have failed"),
    (error: unknown) => error,
  );
const answer = (status: number, detail: unknown, headers = {}) => ({ status, body: { detail }, headers });
const bodies = (double: LightRagDouble) => double.sent.filter(({ route }) => route.startsWith(insert));

describe.each(generations)("an insert into LightRAG %s", (generation) => {
  test("is one request with the name and the text, and is told by its id and its track", async () => {
    const { double, client } = await connectedDouble({ generation });
    const sent = documentOf(1);
    const [outcome] = await client.submit([sent], signal);
    const [row] = double.rows();
    expect(outcome).toEqual({ kind: "accepted", documentId: row?.id, trackId: row?.track_id });
    expect(double.sent).toMatchObject([
      { route: insert, retry: "undelivered", json: { text: sent.text, file_source: sent.fileSource } },
    ]);
  });

  test.each([["reset"], ["hang"], ["cut"]] as const)(
    "whose answer is lost by a %s is found again and not sent twice",
    async (kind) => {
      const { double, client } = await connectedDouble({ generation, enqueueMs: 600 });
      double.fail({ route: insert, kind, acts: true });
      const [outcome] = await client.submit([documentOf(1)], signal);
      expect(outcome).toEqual({
        kind: "accepted",
        documentId: client.predictDocumentId(documentOf(1)),
        trackId: double.rows()[0]?.track_id,
        unanswered: true,
      });
      expect(bodies(double)).toHaveLength(1);
      expect(double.time.sleeps).toEqual([250, 250, 250]);
    },
  );

  test.each([
    ["reset", undefined],
    ["hang", undefined],
    ["answer", { status: 502, body: "<html>Gateway</html>" }],
    ["answer", { status: 503, body: "" }],
    ["answer", { status: 504, body: {} }],
    ["answer", answer(408, "too slow")],
    ["answer", { status: 200, body: "<html>" }],
    ["answer", { status: 500, body: "<html>a proxy's</html>" }],
  ] as const)(
    "that may have arrived (%s %j) and is not listed has an unknown outcome",
    async (kind, given) => {
      const { double, client } = await connectedDouble({ generation });
      double.fail({ route: insert, kind, ...(given && { answer: given }) });
      expect(await failureOf(client, [documentOf(1)])).toMatchObject({
        code: "SINK_OUTCOME_UNKNOWN",
        message: expect.stringMatching(/^the answer to the insert of "m1@ctx\.md" was lost: ./u),
      });
      expect(bodies(double)).toHaveLength(1);
      expect(await client.submit([documentOf(1)], signal)).toMatchObject([{ kind: "accepted" }]);
    },
  );

  test("is looked for as long as it may be on its way: two idle seconds, ten after a time-out or in 1.4", async () => {
    for (const kind of ["reset", "hang"] as const) {
      const { double, client } = await connectedDouble({ generation });
      double.fail({ route: insert, kind });
      await failureOf(client, [documentOf(1)]);
      expect(double.time.monotonic()).toBe(generation === "1.5" && kind === "reset" ? 2_000 : 10_000);
    }
  });

  test("that LightRAG's own failure kept out is an error of the server, and one that it took is found", async () => {
    const { double, client } = await connectedDouble({ generation });
    const failed = answer(500, "Internal server error (error_id: 1)");
    double.fail({ route: insert, kind: "answer", answer: failed });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({
      code: "SINK_SERVER_ERROR",
      status: 500,
    });
    double.fail({ route: insert, kind: "answer", answer: failed, acts: true });
    expect(await client.submit([documentOf(1)], signal)).toMatchObject([
      { kind: "accepted", unanswered: true },
    ]);
  });

  test("whose outcome cannot be looked up either has an unknown outcome", async () => {
    const { double, client } = await connectedDouble({ generation });
    double.fail({ route: insert, kind: "reset", acts: true });
    double.fail({ route: "POST /documents/paginated", kind: "reset" });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({ code: "SINK_OUTCOME_UNKNOWN" });
    expect(double.time.sleeps).toEqual([]);
  });

  test("that finds another text in its place after a lost answer tells of it", async () => {
    const { double, client } = await connectedDouble({ generation: "1.5" });
    await client.submit([documentOf(1)], signal);
    double.fail({ route: insert, kind: "reset" });
    expect(await client.submit([documentOf(1, 2)], signal)).toMatchObject([
      { kind: "exists", unanswered: true, record: { fileSource: "m1@ctx.md" } },
    ]);
  });

  test.each([
    [
      "answered 200 and `failure`",
      { status: 200, body: { status: "failure" } },
      { code: "SINK_SERVER_ERROR", message: "LightRAG did not take the insert" },
    ],
    ["without a status", { status: 200, body: {} }, { code: "SINK_BAD_ANSWER", subject: "/documents/text" }],
    [
      "told to come back",
      answer(429, "at capacity", { "retry-after": "30" }),
      { code: "SINK_BUSY", retryAfterMs: 30_000, message: "LightRAG takes no documents now" },
    ],
    ["told to come back some time", answer(429, "at capacity"), { code: "SINK_BUSY", retryAfterMs: 5_000 }],
    [
      "refused while it is busy",
      answer(503, "the pipeline is scanning"),
      { code: "SINK_BUSY", retryAfterMs: 5_000 },
    ],
    ["refused by another fence", answer(409, "a deletion is running"), { code: "SINK_BUSY" }],
    [
      "refused behind a fence",
      answer(503, "Pipeline is fenced pending recovery"),
      { code: "SINK_RECOVERY_REQUIRED", message: "LightRAG has fenced its workspace off" },
    ],
    ["refused until recovery", answer(503, "Recovery required"), { code: "SINK_RECOVERY_REQUIRED" }],
    ["redirected", { status: 302, body: {} }, { code: "SINK_UNSUPPORTED" }],
    ["forbidden", answer(403, "no"), { code: "SINK_UNAUTHORIZED", status: 403 }],
    ["not known", answer(404, "Not Found"), { code: "SINK_UNSUPPORTED", status: 404 }],
  ])("that is %s took nothing and is told as what it is", async (_, given, error) => {
    const { double, client } = await connectedDouble({ generation });
    double.fail({ route: insert, kind: "answer", answer: given });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject(error);
    expect(double.sent).toHaveLength(1);
  });

  test.each([
    [400, "SINK_REJECTED", 'LightRAG does not take the document "m1@ctx.md": it answered 400'],
    [422, "SINK_REJECTED", 'LightRAG does not take the document "m1@ctx.md": it answered 422'],
    [413, "SINK_DOCUMENT_TOO_LARGE", 'the document "m1@ctx.md" is too large for LightRAG'],
  ])(
    "that is refused with %i is rejected, and its text stays out of the message",
    async (status, code, message) => {
      const { double, client } = await connectedDouble({ generation });
      double.fail({ route: insert, kind: "answer", answer: answer(status, [{ input: "a secret text" }]) });
      const [outcome] = await client.submit([documentOf(1)], signal);
      expect(outcome).toMatchObject({
        kind: "rejected",
        error: { code, message, status, subject: "m1@ctx.md" },
      });
    },
  );

  test("of what LightRAG would never take is not sent, and the others are, in their order", async () => {
    const { double, client } = await connectedDouble({ generation });
    const sent = [
      { fileSource: "a/b.md", text: "x" },
      documentOf(1),
      { fileSource: "empty.md", text: " \n" },
      documentOf(2),
    ];
    const outcomes = await client.submit(sent, signal);
    expect(kinds(outcomes)).toEqual(["rejected", "accepted", "rejected", "accepted"]);
    expect(double.names().toSorted()).toEqual(["m1@ctx.md", "m2@ctx.md"]);
  });

  test("of a document that is there tells of its record", async () => {
    const { double, client } = await connectedDouble({ generation });
    await client.submit([documentOf(1)], signal);
    const [again] = await client.submit([documentOf(1)], signal);
    expect(again).toMatchObject({ kind: "exists", record: { documentId: double.rows()[0]?.id } });
    expect(double.rows()).toHaveLength(1);
  });

  test("that is called off is called off", async () => {
    const { double, client } = await connectedDouble({ generation });
    const stop = new AbortController();
    double.fail({ route: insert, kind: "hang" });
    const sent = client.submit([documentOf(1)], stop.signal);
    double.time.wait(300).then(() => stop.abort());
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
  });

  test("counts as pending until LightRAG lists it, and no longer than the time of grace", async () => {
    const { double, client } = await connectedDouble({ generation, enqueueMs: 40_000 });
    const [outcome] = await client.submit([documentOf(1)], signal);
    const ref = { ...documentOf(1), ...(outcome as { documentId: string; trackId: string }) };
    const status = async () => (await client.find([ref], signal))[0]?.status;
    await double.time.pass(29_999);
    expect(await status()).toBe("pending");
    await double.time.pass(1);
    expect(await status()).toBeUndefined();
    await double.time.pass(10_000);
    expect(await status()).toBe("processed");
  });
});

describe("a batch for LightRAG 1.5", () => {
  const batch = { generation: "1.5" } as const;

  test("goes in one request, and its documents share a track", async () => {
    const { double, client } = await connectedDouble(batch);
    const outcomes = await client.submit(documents(50), signal);
    expect(new Set(outcomes.map((each) => each.kind === "accepted" && each.trackId)).size).toBe(1);
    expect(double.sent).toMatchObject([
      {
        route: "POST /documents/texts",
        json: { file_sources: documents(50).map(({ fileSource }) => fileSource) },
      },
    ]);
    expect(double.names()).toHaveLength(50);
  });

  test("of more than 50 goes in parts", async () => {
    const { double, client } = await connectedDouble(batch);
    expect(await client.submit(documents(101), signal)).toHaveLength(101);
    expect(double.sent.map(({ route }) => route)).toEqual([
      "POST /documents/texts",
      "POST /documents/texts",
      insert,
    ]);
  });

  test.each([
    ["too many texts", { maxTexts: 3 }],
    ["more than the backlog may ever be", { maxPending: 4 }],
  ])("that is refused for %s is divided, until all are there", async (_, limit) => {
    const { double, client } = await connectedDouble({ ...batch, ...limit, retryAfterSeconds: 1 });
    expect(kinds(await client.submit(documents(12), signal))).toEqual(documents(12).map(() => "accepted"));
    expect(double.names().toSorted()).toEqual(
      documents(12)
        .map(({ fileSource }) => fileSource)
        .toSorted(),
    );
  });

  test("with one document that is not acceptable loses only that one", async () => {
    const { double, client } = await connectedDouble(batch);
    double.fail({
      route: insert,
      kind: "answer",
      answer: answer(422, []),
      holding: "m2@",
      times: Number.POSITIVE_INFINITY,
    });
    expect(kinds(await client.submit(documents(5), signal))).toEqual([
      "accepted",
      "accepted",
      "rejected",
      "accepted",
      "accepted",
    ]);
  });

  test("with documents that are there sends the others, and tells of those in their places", async () => {
    const { double, client } = await connectedDouble(batch);
    await client.submit([documentOf(1), documentOf(3)], signal);
    const outcomes = await client.submit(documents(5), signal);
    expect(kinds(outcomes)).toEqual(["accepted", "exists", "accepted", "exists", "accepted"]);
    expect(outcomes[3]).toMatchObject({ record: { fileSource: "m3@ctx.md" } });
    expect(double.names()).toHaveLength(5);
  });

  test("of which all are there sends none again", async () => {
    const { double, client } = await connectedDouble(batch);
    await client.submit(documents(3), signal);
    double.sent.length = 0;
    expect(kinds(await client.submit(documents(3), signal))).toEqual(["exists", "exists", "exists"]);
    expect(bodies(double)).toHaveLength(1);
  });

  test("that is refused for a name under another id is divided until that one is known", async () => {
    const { double, client } = await connectedDouble(batch);
    await client.submit([documentOf(2)], signal);
    const [row] = double.rows();
    if (row === undefined) return expect.unreachable();
    double.server.store.remove(row.id);
    double.server.store.insert({ ...row, id: `doc-${"0".repeat(32)}` }, "older", "hash");
    const outcomes = await client.submit(documents(4), signal);
    expect(kinds(outcomes)).toEqual(["accepted", "accepted", "exists", "accepted"]);
    expect(outcomes[2]).toMatchObject({ record: { documentId: `doc-${"0".repeat(32)}` } });
  });

  test("whose answer is lost and of which a part is there has an unknown outcome", async () => {
    const { double, client } = await connectedDouble(batch);
    const failed = answer(500, "Internal server error (error_id: 1)");
    await client.submit([documentOf(1)], signal);
    double.fail({ route: insert, kind: "answer", answer: failed });
    expect(await failureOf(client, documents(3))).toMatchObject({
      code: "SINK_OUTCOME_UNKNOWN",
      message: expect.stringMatching(/^the answer to the insert of 3 documents was lost/u),
    });
  });

  test("that was taken in part before the server refused for good has an unknown outcome", async () => {
    const { double, client } = await connectedDouble(batch);
    const fenced = answer(503, "Pipeline is fenced pending recovery");
    double.fail({ route: insert, kind: "answer", answer: fenced, skip: 1 });
    expect(await failureOf(client, documents(60))).toMatchObject({
      code: "SINK_OUTCOME_UNKNOWN",
      message: "LightRAG took a part of the batch before it failed",
    });
    expect(double.names()).toHaveLength(50);
  });

  test("the rest of a batch that is called off while it waits is called off", async () => {
    const { double, client } = await connectedDouble(batch);
    const stop = new AbortController();
    double.fail({ route: insert, kind: "answer", answer: answer(429, "busy"), skip: 1, times: 99 });
    const sent = client.submit(documents(60), stop.signal);
    double.time.wait(7_000).then(() => stop.abort());
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
    expect(double.time.sleeps).toEqual([5_000, 5_000]);
  });

  test("while LightRAG takes it in, a lost answer is waited for longer than two idle seconds", async () => {
    const { double, client } = await connectedDouble({ ...batch, enqueueMs: 5_000 });
    double.fail({ route: insert, kind: "reset", acts: true });
    expect(await client.submit([documentOf(1)], signal)).toMatchObject([
      { kind: "accepted", unanswered: true },
    ]);
    expect(double.time.monotonic()).toBe(5_000);
  });

  test("while it does not say whether it is at work, it counts as being so", async () => {
    const { double, client } = await connectedDouble(batch);
    double.fail({ route: insert, kind: "reset" });
    double.fail({ route: "GET /health", kind: "reset", times: 99 });
    await failureOf(client, [documentOf(1)]);
    expect(double.time.monotonic()).toBe(10_000);
  });
});

describe("a name or a text that LightRAG says it holds", () => {
  const copy = (number: number) => ({ ...documentOf(number), fileSource: "copy@ctx.md" });
  /** Two inserts of one text at once: the second becomes a note under its name. */
  async function withNote() {
    const sink = await connectedDouble({ generation: "1.4", enqueueMs: 50 });
    await Promise.all([sink.client.submit([documentOf(1)], signal), sink.client.submit([copy(1)], signal)]);
    await sink.double.time.pass(100);
    expect(
      sink.double
        .rows()
        .map(({ status }) => status)
        .toSorted(),
    ).toEqual(["failed", "processed"]);
    sink.double.sent.length = 0;
    return sink;
  }

  test("in a note that keeps the name in 1.4 leads to the document with the text", async () => {
    const { double, client } = await withNote();
    const outcomes = await client.submit([copy(1)], signal);
    expect(outcomes).toMatchObject([
      { kind: "exists", record: { fileSource: "m1@ctx.md", status: "processed" } },
    ]);
    expect(double.requests("DELETE /documents/delete_document")).toEqual([]);
  });

  test("in a note is freed for another text, which is sent again", async () => {
    const { double, client } = await withNote();
    const note = double.rows().find(({ status }) => status === "failed")?.id;
    expect(await client.submit([copy(2)], signal)).toMatchObject([{ kind: "accepted" }]);
    expect(double.requests("DELETE /documents/delete_document")).toMatchObject([
      { json: { doc_ids: [note] } },
    ]);
    await double.time.pass(100);
    expect(double.rows().map(({ status }) => status)).toEqual(["processed", "processed"]);
  });

  test("in a note is not freed while the pipeline is at work: the whole call may be made later", async () => {
    const { double, client } = await withNote();
    double.server.pipeline.busy = true;
    expect(await failureOf(client, [copy(2)])).toMatchObject({
      code: "SINK_BUSY",
      message: "LightRAG's pipeline is at work",
    });
  });

  test.each([
    ["1.4", { status: 200, body: { status: "duplicated", track_id: "" } }],
    ["1.5", answer(409, "Document storage already contains 'm1@ctx.md'")],
  ] as const)("and does not list is an error of the server (%s)", async (generation, given) => {
    const { double, client } = await connectedDouble({ generation });
    double.fail({ route: insert, kind: "answer", answer: given });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({
      code: "SINK_SERVER_ERROR",
      message: 'LightRAG says that it holds "m1@ctx.md", and does not list it',
      subject: "m1@ctx.md",
    });
  });

  test("and does not track, though it lists it, is found by its id", async () => {
    const { double, client } = await connectedDouble({ generation: "1.4" });
    await client.submit([documentOf(1)], signal);
    const given = { status: 200, body: { status: "duplicated", track_id: "insert_of_another" } };
    double.fail({ route: insert, kind: "answer", answer: given });
    expect(await client.submit([documentOf(1)], signal)).toMatchObject([
      { kind: "exists", record: { fileSource: "m1@ctx.md" } },
    ]);
  });
});
