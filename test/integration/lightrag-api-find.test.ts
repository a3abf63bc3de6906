import { describe, expect, it } from "vitest";
import type { DocumentRef, OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import {
  type ConnectedSimulator,
  connectedSimulator,
  documentOf,
  documents,
  never,
} from "../support/lightrag-simulator-test.ts";

async function filled(count: number): Promise<ConnectedSimulator> {
  const connected = await connectedSimulator({ generation: "1.5" });
  const { simulator, client, info } = connected;
  for (let at = 0; at < count; at += info.maxBatch) await client.submit(documents(info.maxBatch, at), never);
  await expect
    .poll(() => simulator.documents().filter(({ status }) => status === "processed").length)
    .toBe(count);
  return connected;
}

function refsOf({ client }: ConnectedSimulator, sent: OutgoingDocument[]): DocumentRef[] {
  return sent.map(({ fileSource, text }) => ({
    fileSource,
    documentId: client.predictDocumentId({ fileSource, text }),
  }));
}

/** Requests to listings that the work made. */
async function requestsOf({ simulator }: ConnectedSimulator, work: () => Promise<unknown>): Promise<number> {
  const count = () => Object.values(simulator.requests).reduce((sum, n) => sum + n, 0);
  const before = count();
  await work();
  return count() - before;
}

describe("finding documents among 3,000", () => {
  it("takes one request for the window of documents that changed last", async () => {
    const sink = await filled(3_000);
    const refs = refsOf(sink, documents(150, 2_850));
    expect(
      await requestsOf(sink, async () => {
        const records = await sink.client.find(refs, never);
        expect(records.map((record) => record?.documentId)).toEqual(refs.map((ref) => ref.documentId));
      }),
    ).toBe(1);
  });

  it("takes one request for a document whose track id is known, whether it is old or new", async () => {
    const sink = await filled(3_000);
    const { track_id, id, file_path } = sink.simulator.documents()[3] ?? expect.unreachable();
    const ref = { fileSource: file_path, documentId: id, trackId: track_id };
    expect(await requestsOf(sink, () => sink.client.find([ref], never))).toBe(1);
  });

  it("takes a few requests for any one by its id, there or not", async () => {
    const sink = await filled(3_000);
    for (const ref of refsOf(
      sink,
      [0, 7, 777, 1_500, 2_222, 2_999, 4_000, 5_000].map((n) => documentOf(n)),
    )) {
      let found: unknown;
      const requests = await requestsOf(sink, async () => {
        [found] = await sink.client.find([ref], never);
      });
      const expected = sink.simulator.documents().find(({ id }) => id === ref.documentId);
      expect(found === undefined).toBe(expected === undefined);
      expect(requests).toBeLessThanOrEqual(6);
    }
  });

  it("reads everything once when thousands are asked for", async () => {
    const sink = await filled(3_000);
    const refs = refsOf(sink, documents(4_000));
    const requests = await requestsOf(sink, async () => {
      const records = await sink.client.find(refs, never);
      expect(records.slice(0, 3_000).every((record) => record?.status === "processed")).toBe(true);
      expect(records.slice(3_000).every((record) => record === undefined)).toBe(true);
    });
    expect(requests).toBeLessThan(100);
  });

  it("misses none while other documents come, change and go", async () => {
    const sink = await filled(3_000);
    const refs = refsOf(sink, documents(500, 1_000));
    const stop = new AbortController();
    const others = (async () => {
      for (let n = 10_000; !stop.signal.aborted; n += 5) {
        await sink.client.submit(documents(5, n), never);
        await sink.client.remove(
          refsOf(sink, documents(5, (n - 10_000) % 1_000)).map((ref) => ref.documentId),
          never,
        );
      }
    })();
    for (let round = 0; round < 10; round++) {
      const records = await sink.client.find(refs, never);
      expect(records.filter((record) => record === undefined)).toEqual([]);
    }
    stop.abort();
    await others;
  });
});
