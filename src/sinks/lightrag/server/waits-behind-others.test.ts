import { describe, expect, test } from "vitest";
import { connectedDouble } from "../../../../test/support/lightrag-double.ts";
import { documentOf, documents } from "../../../../test/support/lightrag-simulator-test.ts";

const { signal } = new AbortController();

/** LightRAG works on two documents at once, each for ten minutes; whoever comes behind thirty others waits for two and a half hours. */
const slow = { processingMs: 600_000, parallel: 2 };

describe.each(["1.4", "1.5"] as const)("in a long queue of LightRAG %s", (generation) => {
  test("a document that waits behind others is pending for hours, no failure and not lost, and is processed in the end", async () => {
    const { double, client } = await connectedDouble({ generation, ...slow });
    for (const each of documents(30)) await client.submit([each], signal);
    const [outcome] = await client.submit([documentOf(99)], signal);
    const { documentId, trackId } = outcome as { documentId: string; trackId: string };
    const ref = { fileSource: documentOf(99).fileSource, documentId, trackId };
    const seen = new Set<string>();
    for (let minutes = 0; minutes < 150; minutes += 5) {
      const [record] = await client.find([ref], signal);
      seen.add(`${record?.status} ${record?.error} ${record?.modelUnavailable}`);
      expect(await client.isBusy(signal)).toBe(true);
      await double.time.pass(5 * 60_000);
    }
    expect([...seen]).toEqual(["pending undefined false"]);
    await double.time.pass(3_600_000);
    expect(await client.find([ref], signal)).toMatchObject([{ status: "processed", chunks: 1 }]);
    expect(double.server.intake.counts).toMatchObject({ inserted: 31, notes: 0 });
  });

  test("a document that is sent again meanwhile exists, under the same record", async () => {
    const { client, double } = await connectedDouble({ generation, ...slow });
    for (const each of documents(10)) await client.submit([each], signal);
    await double.time.pass(60_000);
    expect(await client.submit([documentOf(9)], signal)).toMatchObject([
      { kind: "exists", record: { fileSource: "m9@ctx.md", status: "pending" } },
    ]);
  });

  test("nobody asks LightRAG to take up what waits there by right", async () => {
    const { client, double } = await connectedDouble({ generation, ...slow });
    for (const each of documents(10)) await client.submit([each], signal);
    await client.resumeInterrupted(signal);
    expect(double.requests("POST /documents/reprocess_failed")).toEqual([]);
  });
});
