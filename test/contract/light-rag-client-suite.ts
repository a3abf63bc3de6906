import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { holdsText } from "../../src/sinks/lightrag/document-text.ts";
import type {
  DocumentRecord,
  DocumentRef,
  LightRagClient,
  OutgoingDocument,
  SinkInfo,
  SubmitOutcome,
} from "../../src/sinks/lightrag/light-rag-client.ts";

/** A sink to run the suite over, with its models in the suite's hands. */
export interface SinkUnderTest {
  /** A client of it that is not connected yet. */
  makeClient(): LightRagClient;
  /** Documents with this text fail at the model until it is set back to undefined. */
  refuseText(text: string | undefined): void;
  /** The model's account has no money left. */
  refuseAll(on: boolean): void;
  /** Slows indexing down, so that a document is at work for at least this long. Milliseconds. */
  slowDown(ms: number): void;
  /** The sink dies in the middle of its work and comes back with what it had stored. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export interface SinkHarness {
  name: string;
  /** How a document's record words that the model refused its text. Default: as LightRAG does. */
  refusal?: RegExp;
  start(): Promise<SinkUnderTest>;
}

const signal = new AbortController().signal;
const waitMs = 60_000;

/** What every adapter of the port promises, proved over one sink of each kind. */
export function describeLightRagClient(harness: SinkHarness): void {
  describe(`a client of ${harness.name}`, () => {
    let sink: SinkUnderTest;
    let client: LightRagClient;
    let info: SinkInfo;
    let made = 0;

    beforeAll(async () => {
      sink = await harness.start();
      client = sink.makeClient();
      info = await client.connect(signal);
    });
    afterAll(async () => {
      await client?.close();
      await sink?.stop();
    });

    /** Documents as the connector makes them: a name of their own, and a first line that no other document has. */
    function document(text = "Alice Smith met Bob Jones in Paris.", revision = 1): OutgoingDocument {
      made += 1;
      return revised({ fileSource: `m${made}@suite.md`, text }, revision);
    }

    function revised({ fileSource, text }: OutgoingDocument, revision: number): OutgoingDocument {
      const body = text.split("\n").at(-1);
      return { fileSource, text: `Memory ${fileSource} (revision ${revision})\n${body}` };
    }

    async function submit(...documents: OutgoingDocument[]): Promise<SubmitOutcome[]> {
      const outcomes: SubmitOutcome[] = [];
      for (let at = 0; at < documents.length; at += info.maxBatch)
        outcomes.push(...(await client.submit(documents.slice(at, at + info.maxBatch), signal)));
      return outcomes;
    }

    function refOf(sent: OutgoingDocument, outcome: SubmitOutcome): DocumentRef {
      const { fileSource } = sent;
      if (outcome.kind === "accepted") return { fileSource, ...outcome };
      if (outcome.kind === "exists") return outcome.record;
      throw outcome.error;
    }

    async function recordOf(ref: DocumentRef): Promise<DocumentRecord | undefined> {
      return (await client.find([ref], signal))[0];
    }

    async function finished(ref: DocumentRef): Promise<DocumentRecord> {
      const isFinal = async () => ["processed", "failed"].includes((await recordOf(ref))?.status ?? "");
      await expect.poll(isFinal, { timeout: waitMs, interval: 50 }).toBe(true);
      return (await recordOf(ref)) as DocumentRecord;
    }

    /** Sends a document and waits until LightRAG is done with it. */
    async function deliver(sent: OutgoingDocument): Promise<DocumentRecord> {
      const [outcome] = await submit(sent);
      return finished(refOf(sent, outcome as SubmitOutcome));
    }

    async function untilIdle(): Promise<void> {
      await expect.poll(() => client.isBusy(signal), { timeout: waitMs, interval: 50 }).toBe(false);
    }

    it("says which LightRAG it talks to", () => {
      expect(info.version).toMatch(/^1\.[45]\./u);
      expect(info.generation).toBe(info.version.startsWith("1.4") ? "1.4" : "1.5");
      expect(info.maxBatch).toBeGreaterThanOrEqual(1);
    });

    it("delivers a document and finds it processed, with the id that it predicted", async () => {
      const sent = document();
      const [outcome] = await submit(sent);
      expect(outcome).toMatchObject({ kind: "accepted", documentId: client.predictDocumentId(sent) });
      const record = await finished(refOf(sent, outcome as SubmitOutcome));
      expect(record).toMatchObject({ status: "processed", fileSource: sent.fileSource, error: undefined });
      expect(record.chunks).toBeGreaterThanOrEqual(1);
      expect(record.updatedAt).toBeGreaterThan(Date.now() - waitMs);
      expect(holdsText(record, sent.text)).toBe(true);
    });

    it("finds a document at once after it was accepted", async () => {
      const sent = document();
      const [outcome] = await submit(sent);
      const ref = refOf(sent, outcome as SubmitOutcome);
      expect(await recordOf(ref)).toMatchObject({ documentId: ref.documentId, modelUnavailable: false });
      await finished(ref);
    });

    it("recognises its text although LightRAG stores it in another form", async () => {
      const sent = document("  Tom &amp; Jerry &lt;b&gt; &hellip; \u0007 \u0085 caf\u00E9 😀\uD83D end \n");
      expect(holdsText(await deliver(sent), sent.text)).toBe(true);
    });

    it("recognises a long text", async () => {
      const sent = document("The quick Brown Fox meets the Lazy Dog 😀. ".repeat(60));
      const record = await deliver(sent);
      expect(holdsText(record, sent.text)).toBe(true);
      expect(holdsText(record, `${sent.text}!`)).toBe(false);
    });

    it("tells that the same document is there already", async () => {
      const sent = document();
      const { documentId } = await deliver(sent);
      const [again] = await submit(sent);
      expect(again).toMatchObject({ kind: "exists", record: { documentId, status: "processed" } });
    });

    it("tells that another text stands under the name", async () => {
      const first = document();
      const { documentId } = await deliver(first);
      const second = revised(first, 2);
      const [outcome] = await submit(second);
      expect(outcome).toMatchObject({ kind: "exists", record: { documentId } });
      const record = outcome?.kind === "exists" ? outcome.record : undefined;
      expect(record && holdsText(record, first.text)).toBe(true);
      expect(record && holdsText(record, second.text)).toBe(false);
    });

    it("leads to the first document when the same text comes under another name", async () => {
      const first = document();
      const { documentId } = await deliver(first);
      const second = { ...first, fileSource: `other-${first.fileSource}` };
      const record = await deliver(second);
      expect(record).toMatchObject({ documentId, fileSource: first.fileSource, status: "processed" });
      expect(holdsText(record, second.text)).toBe(true);
      await untilIdle();
    });

    it("replaces a document: it is gone, then the new text takes its place", async () => {
      const first = document();
      const { documentId } = await deliver(first);
      await client.remove([documentId], signal);
      expect(await recordOf({ fileSource: first.fileSource, documentId })).toBeUndefined();
      const second = revised(first, 2);
      const record = await deliver(second);
      expect(record).toMatchObject({ status: "processed", fileSource: first.fileSource });
      expect(holdsText(record, second.text)).toBe(true);
    });

    it("takes a document back that was removed", async () => {
      const sent = document();
      const { documentId } = await deliver(sent);
      await client.remove([documentId], signal);
      const [again] = await submit(sent);
      expect(again).toMatchObject({ kind: "accepted", documentId });
      expect(await finished(refOf(sent, again as SubmitOutcome))).toMatchObject({ status: "processed" });
    });

    it("removes several documents at once, and ids that nobody knows are fine", async () => {
      const kept = await deliver(document());
      const removed = [await deliver(document()), await deliver(document())];
      const unknown = `doc-${"0".repeat(32)}`;
      await client.remove([...removed.map(({ documentId }) => documentId), unknown], signal);
      await client.remove([unknown], signal);
      expect(await client.find([kept, ...removed], signal)).toMatchObject([
        { documentId: kept.documentId },
        undefined,
        undefined,
      ]);
    });

    it("removes a document while LightRAG works on others, and those are finished", async () => {
      const removed = await deliver(document());
      await untilIdle();
      sink.slowDown(400);
      onTestFinished(() => sink.slowDown(0));
      const others = [document(), document(), document()];
      const outcomes = await submit(...others);
      await expect.poll(() => client.isBusy(signal), { timeout: waitMs, interval: 10 }).toBe(true);
      await client.remove([removed.documentId], signal);
      expect(await recordOf(removed)).toBeUndefined();
      for (const [index, sent] of others.entries())
        expect(await finished(refOf(sent, outcomes[index] as SubmitOutcome))).toMatchObject({
          status: "processed",
        });
    });

    it("removes a document that was accepted a moment ago", async () => {
      const sent = document();
      const [outcome] = await submit(sent);
      const ref = refOf(sent, outcome as SubmitOutcome);
      await client.remove([ref.documentId], signal);
      expect(await recordOf(ref)).toBeUndefined();
    });

    it("takes the new documents of a batch when one of them is there already", async () => {
      const known = document();
      const { documentId } = await deliver(known);
      const batch = [document(), known, document()];
      const outcomes = await submit(...batch);
      expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "exists", "accepted"]);
      expect(outcomes[1]).toMatchObject({ record: { documentId } });
      for (const [index, sent] of batch.entries()) {
        const record = await finished(refOf(sent, outcomes[index] as SubmitOutcome));
        expect(record).toMatchObject({ status: "processed", fileSource: sent.fileSource });
      }
    });

    it("rejects what LightRAG would never take, and takes the rest", async () => {
      const [empty, folder, good] = [document(), document(), document()];
      const outcomes = await submit(
        { ...empty, text: " \n\u0007" },
        { ...folder, fileSource: "a/b.md" },
        good as OutgoingDocument,
      );
      expect(outcomes).toMatchObject([
        { kind: "rejected", error: { code: "SINK_REJECTED", reaction: "skip-item" } },
        { kind: "rejected", error: { code: "SINK_REJECTED" } },
        { kind: "accepted" },
      ]);
      await finished(refOf(good as OutgoingDocument, outcomes[2] as SubmitOutcome));
    });

    it("reports one document that the model refuses, lets the others through, and takes it again later", async () => {
      sink.refuseText("Forbidden Fruit");
      onTestFinished(() => sink.refuseText(undefined));
      const bad = document("Eve tastes the Forbidden Fruit.");
      const good = document();
      const failed = await deliver(bad);
      expect(failed).toMatchObject({ status: "failed", modelUnavailable: false, chunks: 0 });
      expect(failed.error).toMatch(harness.refusal ?? /BadRequestError/u);
      expect(await deliver(good)).toMatchObject({ status: "processed" });
      await untilIdle();
      const [again] = await submit(bad);
      expect(again).toMatchObject({ kind: "exists", record: { documentId: failed.documentId } });
      sink.refuseText(undefined);
      await client.remove([failed.documentId], signal);
      expect(await deliver(bad)).toMatchObject({ status: "processed" });
    });

    it("tells a failure of the model from a failure of the document", async () => {
      sink.refuseAll(true);
      onTestFinished(() => sink.refuseAll(false));
      const failed = await deliver(document());
      expect(failed).toMatchObject({ status: "failed", modelUnavailable: true });
      expect((await client.modelsAnswer?.(signal)) ?? false).toBe(false);
      sink.refuseAll(false);
      expect((await client.modelsAnswer?.(signal)) ?? true).toBe(true);
      await client.remove([failed.documentId], signal);
    });

    it("finds documents by track id, by document id, and not at all", async () => {
      const sent = document();
      const [outcome] = await submit(sent);
      const { documentId, trackId } = await finished(refOf(sent, outcome as SubmitOutcome));
      const { fileSource } = sent;
      const unknownId = `doc-${"f".repeat(32)}`;
      const found = await client.find(
        [
          { fileSource, documentId: unknownId, trackId },
          { fileSource, documentId },
          { fileSource: "nobody@suite.md", documentId: unknownId },
          {
            fileSource: "nobody@suite.md",
            documentId: unknownId,
            trackId: "insert_20200101_000000_00000000",
          },
        ],
        signal,
      );
      expect(found.map((record) => record?.documentId)).toEqual([
        documentId,
        documentId,
        undefined,
        undefined,
      ]);
    });

    it("lists every document, and of refused duplicates only the original", async () => {
      const sent = Array.from({ length: 12 }, () => document());
      for (const one of sent) await deliver(one);
      const text = document().text;
      await deliver({ fileSource: "first@suite.md", text });
      await submit({ fileSource: "second@suite.md", text });
      await untilIdle();
      const listed: DocumentRecord[] = [];
      for await (const records of client.list(signal)) listed.push(...records);
      const names = listed.map(({ fileSource }) => fileSource);
      expect(names).toEqual(
        expect.arrayContaining([...sent.map(({ fileSource }) => fileSource), "first@suite.md"]),
      );
      expect(names).not.toContain("second@suite.md");
      for (const record of listed) expect(await recordOf(record)).toEqual(record);
    });

    it("hears its signal", async () => {
      const gone = AbortSignal.abort();
      await expect(client.find([{ fileSource: "x", documentId: "x" }], gone)).rejects.toThrow();
      await expect(client.submit([document()], gone)).rejects.toThrow();
      await expect(client.connect(gone)).rejects.toThrow();
    });

    it("takes up what a crash interrupted, once and without a double", async () => {
      await untilIdle();
      sink.slowDown(1_000);
      onTestFinished(() => sink.slowDown(0));
      const batch = Array.from({ length: 6 }, () => document());
      const outcomes = await submit(...batch);
      const refs = batch.map((sent, index) => refOf(sent, outcomes[index] as SubmitOutcome));
      const statuses = async () => (await client.find(refs, signal)).map((record) => record?.status);
      // By then all of them are in the store; one that is only accepted may be lost in a crash.
      const inTheMiddle = async () => {
        const now = await statuses();
        return now.includes("processed") && now.some((status) => status !== "processed");
      };
      await expect.poll(inTheMiddle, { timeout: waitMs, interval: 20 }).toBe(true);
      await sink.crash();
      sink.slowDown(0);
      await client.connect(signal);
      expect(await client.isBusy(signal)).toBe(false);
      expect(new Set(await statuses()).size).toBeGreaterThan(1);
      await client.resumeInterrupted(signal);
      const allProcessed = batch.map(() => "processed");
      await expect.poll(statuses, { timeout: waitMs, interval: 50 }).toEqual(allProcessed);
      // A server that has just taken up what was interrupted says "later" until it has come to rest.
      await untilIdle();
      expect((await submit(...batch)).map(({ kind }) => kind)).toEqual(batch.map(() => "exists"));
    });
  });
}
