import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import type { LightRagClient, OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";
import { lightragMissing, type PythonLightRag, startPythonLightRag } from "../support/python-lightrag.ts";
import { realDocuments, realMemoriesMissing } from "../support/real-memories.ts";
import { contentOf, type FolderContent, folderContent, sameRow } from "./direct/folder-content.ts";
import { changed, idsOf, indexInOrder } from "./direct/index-all.ts";
import { scriptedModels } from "./direct/models.ts";

const dimensions = 32;
const signal = new AbortController().signal;
/** Real notes of two conversations. */
const documents =
  realMemoriesMissing === null
    ? [...(await realDocuments("CTX26", 60)), ...(await realDocuments("CTX41", 60))]
    : [];
const longDocuments = realMemoriesMissing === null ? await severalChunksEach() : [];

describe.skipIf(lightragMissing !== null || realMemoriesMissing !== null)(
  "direct mode and LightRAG 1.5.7 make the same of the same documents",
  () => {
    const temporary = mkdtempSync(join(tmpdir(), "memory-connector-parity-"));
    let model: ModelServer;
    let server: PythonLightRag;
    let api: LightRagClient;
    let direct: LightRagDirectClient;

    beforeAll(async () => {
      model = await startModelServer({ dimensions });
      // One thing at a time: LightRAG's merge then goes in the order of the documents.
      const env = { MAX_ASYNC: "1", MAX_ASYNC_LLM: "1", MAX_PARALLEL_INSERT: "1" };
      server = await startPythonLightRag({ generation: "1.5", modelUrl: model.url, dimensions, env });
      api = new LightRagApiClient({ url: server.url, timing: { pollMs: 20 } });
      direct = new LightRagDirectClient({
        workingDir: join(temporary, "direct"),
        models: await scriptedModels(model.url),
      });
      for (const client of [api, direct]) await client.connect(signal);
    });

    afterAll(async () => {
      await direct?.close();
      await api?.close();
      await server?.stop();
      await model?.stop();
      rmSync(temporary, { recursive: true, force: true });
    });

    test(`after indexing ${documents.length + longDocuments.length} documents`, async () => {
      await indexInOrder(direct, [...documents, ...longDocuments]);
      await indexInOrder(api, documents);
      // LightRAG orders a document's chunks by the second in which the model answered; so that it is the same order each time,
      // the model takes longer than a second.
      model.faults = { latencyMs: 1_050 };
      await indexInOrder(api, longDocuments);
      model.faults = {};
      await expectSame("indexed");
    });

    test("after updating 10 of them", async () => {
      const updated = changed(documents.slice(20, 30));
      for (const client of [api, direct]) {
        for (const document of updated) {
          await client.remove(idsOf(client, [document]), signal);
          await indexInOrder(client, [document]);
        }
      }
      await expectSame("updated");
    });

    test("after deleting 10 of them", async () => {
      for (const client of [api, direct]) {
        for (const id of idsOf(client, documents.slice(40, 50))) await client.remove([id], signal);
      }
      await expectSame("deleted");
    });

    /** Compares every row; of those that differ the first few are shown. */
    async function expectSame(stage: string): Promise<void> {
      const copy = join(temporary, stage);
      cpSync(server.workingDir, copy, { recursive: true });
      const expected = flat(await folderContent(copy, dimensions));
      const actual = flat(contentOf(direct.stores));
      const differing = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].filter(
        (key) => !sameRow(actual[key], expected[key]),
      );
      const shown = differing.slice(0, 10);
      expect(pick(actual, shown), `${differing.length} rows differ`).toEqual(pick(expected, shown));
      expect(Object.keys(actual).length).toBeGreaterThan(1000);
    }
  },
);

function flat(content: FolderContent): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(content).flatMap(([store, rows]) =>
      Object.entries(rows).map(([key, row]): [string, unknown] => [`${store}: ${key}`, row]),
    ),
  );
}

function pick(rows: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, rows[key]]));
}

async function severalChunksEach(): Promise<OutgoingDocument[]> {
  const texts = (await realDocuments("CTX43", 100)).map(({ text }) => text);
  return [
    { fileSource: "long-1.md", text: texts.slice(0, 30).join("\n") },
    { fileSource: "long-2.md", text: texts.slice(30, 100).join("\n") },
  ];
}
