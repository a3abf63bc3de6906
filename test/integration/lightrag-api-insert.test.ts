import { describe, expect, it } from "vitest";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import type { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { connectedSimulator, documentOf, documents, never } from "../support/lightrag-simulator-test.ts";

const generations = ["1.4", "1.5"] as const;

function names(simulator: LightRagSimulator): string[] {
  return simulator.documents().map((row) => row.file_path);
}

async function failureOf(client: LightRagApiClient, sent: OutgoingDocument[]) {
  return client.submit(sent, never).then(
    () => expect.unreachable("the insert should have failed"),
    (error: unknown) => error,
  );
}

/** Lets the client see that its open connections are gone; a request on a dying one may or may not arrive. */
async function noticed(client: LightRagApiClient): Promise<void> {
  await client.isBusy(AbortSignal.timeout(100)).catch(() => {});
}

describe.each(generations)("an insert into LightRAG %s", (generation) => {
  it("whose answer is lost is found again and not sent twice", async () => {
    const { simulator, client } = await connectedSimulator({ generation });
    for (const [number, kind] of (["reset", "cut"] as const).entries()) {
      simulator.fail({ route: "POST /documents/text", kind, acts: true });
      const [outcome] = await client.submit([documentOf(number)], never);
      expect(outcome).toMatchObject({
        kind: "accepted",
        documentId: client.predictDocumentId(documentOf(number)),
        trackId: expect.stringMatching(/^insert_/u),
      });
    }
    expect(names(simulator)).toEqual(["m0@ctx.md", "m1@ctx.md"]);
    expect(simulator.counts).toMatchObject({ inserted: 2, notes: 0 });
  });

  it("whose answer never comes ends with the attempt's time and is found again", async () => {
    const timing = { attemptTimeoutMs: 200 };
    const { simulator, client } = await connectedSimulator({ generation }, { timing });
    simulator.fail({ route: "POST /documents/text", kind: "hang", acts: true });
    expect(await client.submit([documentOf(1)], never)).toMatchObject([{ kind: "accepted" }]);
    expect(simulator.counts.inserted).toBe(1);
  });

  it("that may or may not have arrived and is not listed has an unknown outcome", async () => {
    const { simulator, client } = await connectedSimulator({ generation }, { timing: { settleMs: 100 } });
    simulator.fail({ route: "POST /documents/text", kind: "reset" });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({
      code: "SINK_OUTCOME_UNKNOWN",
      reaction: "retry",
      message: expect.stringContaining("m1@ctx.md"),
    });
    expect(simulator.requests[`POST /documents/text`] ?? 0).toBe(0);
    expect(await client.submit([documentOf(1)], never)).toMatchObject([{ kind: "accepted" }]);
  });

  it("whose outcome cannot be looked up either has an unknown outcome", async () => {
    const { simulator, client } = await connectedSimulator({ generation });
    simulator.fail({ route: "POST /documents/text", kind: "reset", acts: true });
    simulator.fail({ route: "POST /documents/paginated", kind: "reset", times: 10 });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({ code: "SINK_OUTCOME_UNKNOWN" });
  });

  it("that fails inside LightRAG is an error of the server when the document is not there", async () => {
    const { simulator, client } = await connectedSimulator({ generation }, { timing: { settleMs: 100 } });
    const answer = { status: 500, body: { detail: "Internal server error (error_id: 1)" } };
    simulator.fail({ route: "POST /documents/text", kind: "answer", answer });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({
      code: "SINK_SERVER_ERROR",
      status: 500,
    });
    simulator.fail({ route: "POST /documents/text", kind: "answer", answer, acts: true });
    expect(await client.submit([documentOf(1)], never)).toMatchObject([{ kind: "accepted" }]);
    expect(simulator.counts.inserted).toBe(1);
  });

  it("that LightRAG answers with a failure is an error of the server", async () => {
    const { simulator, client } = await connectedSimulator({ generation });
    const answer = { status: 200, body: { status: "failure", message: "no", track_id: "" } };
    simulator.fail({ route: "POST /documents/text", kind: "answer", answer });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({ code: "SINK_SERVER_ERROR" });
  });

  it("through a proxy that gave up has an unknown outcome", async () => {
    const { simulator, client } = await connectedSimulator({ generation }, { timing: { settleMs: 100 } });
    for (const status of [502, 503, 504]) {
      const answer = { status, body: "<html>Gateway</html>" };
      simulator.fail({ route: "POST /documents/text", kind: "answer", answer });
      expect(await failureOf(client, [documentOf(1)])).toMatchObject({ code: "SINK_OUTCOME_UNKNOWN" });
    }
  });

  it("is told to come back later with the server's own time", async () => {
    const { simulator, client } = await connectedSimulator({ generation });
    const headers = { "retry-after": "30" };
    const answer = { status: 429, body: { detail: "Pipeline is at capacity" }, headers };
    simulator.fail({ route: "POST /documents/text", kind: "answer", answer });
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({
      code: "SINK_BUSY",
      retryAfterMs: 30_000,
    });
    expect(simulator.counts.inserted).toBe(0);
  });

  it("waits for a server that is being restarted", async () => {
    const retry = { maxRetries: 8, baseMs: 100, multiplier: 1, capMs: 100 };
    const { simulator, client } = await connectedSimulator({ generation }, { timing: { retry } });
    await simulator.kill();
    await noticed(client);
    const sending = client.submit([documentOf(1)], never);
    await simulator.start();
    expect(await sending).toMatchObject([{ kind: "accepted" }]);
    expect(simulator.counts.inserted).toBe(1);
  });

  it("into a server that stays away is not sent", async () => {
    const { simulator, client } = await connectedSimulator({ generation });
    await simulator.stop();
    await noticed(client);
    expect(await failureOf(client, [documentOf(1)])).toMatchObject({
      code: "SINK_UNREACHABLE",
      reaction: "stop-run",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("of a text that is too long is rejected, whoever measures it", async () => {
    const { client } = await connectedSimulator({ generation, maxBody: 20_000 });
    const [tooLong, farTooLong] = [30_000, 51 * 1024 * 1024].map((length) => "x".repeat(length));
    const sent = [tooLong, farTooLong].map((text, index) => ({
      fileSource: `${index}.md`,
      text: text as string,
    }));
    for (const document of sent) {
      const outcomes = await client.submit([document, documentOf(1)].slice(0, 1), never);
      expect(outcomes).toMatchObject([{ kind: "rejected", error: { code: "SINK_DOCUMENT_TOO_LARGE" } }]);
    }
  });

  it("that LightRAG calls invalid is rejected, and its text stays out of the message", async () => {
    const { simulator, client } = await connectedSimulator({ generation });
    const answer = { status: 422, body: { detail: [{ loc: ["body", "text"], input: "a secret text" }] } };
    simulator.fail({ route: "POST /documents/text", kind: "answer", answer });
    const [outcome] = await client.submit([documentOf(1)], never);
    expect(outcome).toMatchObject({ kind: "rejected", error: { code: "SINK_REJECTED" } });
    expect(outcome?.kind === "rejected" && outcome.error.format()).not.toContain("secret");
  });

  it("counts as pending until LightRAG lists it", async () => {
    const { simulator, client } = await connectedSimulator({ generation, enqueueMs: 300 });
    const [outcome] = await client.submit([documentOf(1)], never);
    expect(outcome).toMatchObject({ kind: "accepted" });
    const ref = { ...documentOf(1), ...(outcome as { documentId: string; trackId: string }) };
    expect(simulator.rows()).toEqual([]);
    expect(await client.find([ref], never)).toMatchObject([
      { status: "pending", documentId: ref.documentId },
    ]);
    await expect
      .poll(async () => (await client.find([ref], never))[0]?.status, { timeout: 5_000 })
      .toBe("processed");
  });

  it("counts as lost when it was accepted and does not appear in time", async () => {
    const { client } = await connectedSimulator(
      { generation, enqueueMs: 60_000 },
      { timing: { graceMs: 200 } },
    );
    const [outcome] = await client.submit([documentOf(1)], never);
    const ref = { ...documentOf(1), ...(outcome as { documentId: string; trackId: string }) };
    await expect.poll(async () => (await client.find([ref], never))[0], { timeout: 5_000 }).toBeUndefined();
  });
});

describe("a batch for LightRAG 1.5", () => {
  it("goes in one request", async () => {
    const { simulator, client, info } = await connectedSimulator({ generation: "1.5" });
    const outcomes = await client.submit(documents(info.maxBatch), never);
    expect(new Set(outcomes.map((outcome) => outcome.kind === "accepted" && outcome.trackId)).size).toBe(1);
    expect(simulator.requests).toMatchObject({ "POST /documents/texts": 1 });
  });

  it("that is too large for the server is divided", async () => {
    const { simulator, client } = await connectedSimulator({
      generation: "1.5",
      maxTexts: 10,
      maxBody: 2_000,
    });
    const outcomes = await client.submit(documents(50), never);
    expect(outcomes.every(({ kind }) => kind === "accepted")).toBe(true);
    expect(names(simulator).sort()).toEqual(
      documents(50)
        .map((sent) => sent.fileSource)
        .sort(),
    );
  });

  it("with one document that is not acceptable loses only that one", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.5" });
    const answer = { status: 422, body: { detail: [] } };
    const route = "POST /documents/text";
    simulator.fail({ route, kind: "answer", answer, holding: "m0@", times: Number.POSITIVE_INFINITY });
    const outcomes = await client.submit(documents(3), never);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["rejected", "accepted", "accepted"]);
  });

  it("that is larger than the server's backlog may be goes in as the backlog shrinks", async () => {
    const backlog = { maxPending: 20, retryAfterSeconds: 0.1, processingMs: 10, parallel: 10 };
    const { simulator, client } = await connectedSimulator({ generation: "1.5", ...backlog });
    const outcomes = await client.submit(documents(50), never);
    expect(outcomes.map(({ kind }) => kind)).toEqual(documents(50).map(() => "accepted"));
    expect(simulator.counts).toMatchObject({ inserted: 50, notes: 0 });
  });

  it("is refused as a whole by a server whose backlog is full", async () => {
    const { simulator, client } = await connectedSimulator({
      generation: "1.5",
      maxPending: 50,
      processingMs: 60_000,
    });
    await client.submit(documents(30), never);
    await expect.poll(() => client.isBusy(never)).toBe(true);
    expect(await failureOf(client, documents(30, 30))).toMatchObject({
      code: "SINK_BUSY",
      retryAfterMs: 30_000,
    });
    expect(simulator.counts.inserted).toBe(30);
  });

  it("that was taken in part before the server went away has an unknown outcome", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.5" });
    const answer = { status: 413, body: { detail: "Too many texts in one request" } };
    simulator.fail({ route: "POST /documents/texts", kind: "answer", answer });
    const fenced = { status: 503, body: { detail: "Pipeline is fenced pending recovery" } };
    simulator.fail({ route: "POST /documents/texts", kind: "answer", answer: fenced, skip: 1 });
    expect(await failureOf(client, documents(4))).toMatchObject({ code: "SINK_OUTCOME_UNKNOWN" });
    await expect.poll(() => names(simulator)).toEqual(["m0@ctx.md", "m1@ctx.md"]);
  });

  it("is refused as a whole while LightRAG deletes", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.5", deletingMs: 1_000 });
    await client.submit(documents(1), never);
    await expect.poll(() => simulator.documents()[0]?.status).toBe("processed");
    const removing = client.remove([client.predictDocumentId(documentOf(0))], never);
    await expect.poll(() => client.isBusy(never)).toBe(true);
    expect(await failureOf(client, documents(3, 1))).toMatchObject({ code: "SINK_BUSY" });
    await removing;
    expect(await client.submit(documents(3, 1), never)).toHaveLength(3);
  });

  it("is refused for good when the workspace is fenced off", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.5" });
    simulator.fence = "Pipeline is fenced pending recovery: a worker died mid delete";
    const fenced = { code: "SINK_RECOVERY_REQUIRED", reaction: "stop-run" };
    expect(await failureOf(client, documents(2))).toMatchObject(fenced);
    await expect(client.resumeInterrupted(never)).resolves.toBeUndefined();
    simulator.fence = null;
    await client.submit(documents(1), never);
    await expect.poll(() => simulator.documents()[0]?.status).toBe("processed");
    simulator.fence = "Pipeline is fenced pending recovery: a worker died mid delete";
    await expect(client.remove([client.predictDocumentId(documentOf(0))], never)).rejects.toMatchObject(
      fenced,
    );
  });

  it("meets documents of an older server under their old ids", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.4" });
    await client.submit([documentOf(1)], never);
    await expect.poll(() => simulator.documents()[0]?.status).toBe("processed");
    const oldId = client.predictDocumentId(documentOf(1));
    await simulator.upgrade("1.5");
    await client.connect(never);
    const [outcome] = await client.submit([documentOf(1, 2)], never);
    expect(outcome).toMatchObject({ kind: "exists", record: { documentId: oldId } });
    await client.remove([oldId], never);
    expect(await client.submit([documentOf(1, 2)], never)).toMatchObject([{ kind: "accepted" }]);
  });
});
