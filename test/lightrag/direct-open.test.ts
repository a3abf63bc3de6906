import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import type { LightRagClient, OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";
import { lightragMissing, type PythonLightRag, startPythonLightRag } from "../support/python-lightrag.ts";
import { idsOf, indexInOrder } from "./direct/index-all.ts";
import { scriptedModels } from "./direct/models.ts";

const dimensions = 32;
const signal = new AbortController().signal;

const first: OutgoingDocument[] = [
  { fileSource: "1@ctx.md", text: "Alice Smith met Bob Jones in Paris. Bob Jones leads Acme Corporation." },
  { fileSource: "2@ctx.md", text: 'Alice Smith wrote "Hello <World> & all" to Bob Jones.\tIt was 5 > 3.' },
  { fileSource: "3@ctx.md", text: "Zoë Müller visited 東京 with Bob Jones. 😀 Alice Smith stayed in Paris." },
];
const byServer: OutgoingDocument = {
  fileSource: "4@ctx.md",
  text: "Carol White joined Acme Corporation in Rome.",
};
const afterwards: OutgoingDocument = { fileSource: "5@ctx.md", text: "Carol White met Alice Smith in Rome." };

describe.skipIf(lightragMissing !== null)("a folder of direct mode and a LightRAG 1.5.7 server", () => {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-open-"));
  let model: ModelServer;

  beforeAll(async () => {
    model = await startModelServer({ dimensions });
  });

  afterAll(async () => {
    await model?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function inDirectMode<T>(use: (client: LightRagDirectClient) => Promise<T>): Promise<T> {
    // The server keeps its storage in this folder of the one that it is started on.
    const workingDir = join(folder, "storage");
    const client = new LightRagDirectClient({ workingDir, models: await scriptedModels(model.url) });
    try {
      await client.connect(signal);
      return await use(client);
    } finally {
      await client.close();
    }
  }

  async function onTheServer<T>(
    use: (client: LightRagClient, server: PythonLightRag) => Promise<T>,
  ): Promise<T> {
    const server = await startPythonLightRag({ generation: "1.5", modelUrl: model.url, dimensions, folder });
    const client = new LightRagApiClient({ url: server.url, timing: { pollMs: 20 } });
    try {
      await client.connect(signal);
      return await use(client, server);
    } finally {
      await client.close();
      await server.stop();
    }
  }

  test("the server shows what direct mode indexed, goes on with it, and direct mode goes on after it", async () => {
    const written = await inDirectMode(async (client) => {
      await indexInOrder(client, first);
      return [...client.stores.graph.names()].toSorted();
    });
    expect(written).toContain("Zoë Müller");

    await onTheServer(async (client, server) => {
      const records = await client.find(refsOf(client, first), signal);
      expect(records.map((record) => [record?.status, record?.chunks])).toEqual(
        first.map(() => ["processed", 1]),
      );
      expect(await get(server, "/graph/label/list")).toEqual(written);
      const found = await post(server, "/query/data", { query: "Who is Bob Jones?", mode: "mix" });
      expect(found).toMatchObject({ status: "success" });
      const { entities, relationships, chunks } = found.data as Record<string, unknown[]>;
      expect(
        [entities?.length, relationships?.length, chunks?.length].every((count) => (count ?? 0) > 0),
      ).toBe(true);

      expect(await client.submit([first[0]!], signal)).toMatchObject([{ kind: "exists" }]);
      await indexInOrder(client, [byServer]);
      await client.remove(idsOf(client, [first[0]!]), signal);
      expect(await get(server, "/graph/label/list")).toContain("Carol White");
    });

    await inDirectMode(async (client) => {
      const records = await client.find(refsOf(client, [...first, byServer]), signal);
      expect(records.map((record) => record?.status)).toEqual([
        undefined,
        "processed",
        "processed",
        "processed",
      ]);
      await indexInOrder(client, [afterwards]);
      expect(client.stores.graph.entity("Carol White")?.file_path).toBe("4@ctx.md<SEP>5@ctx.md");
      await client.remove(idsOf(client, [byServer]), signal);
      expect(client.stores.graph.entity("Acme Corporation")).toBeUndefined();
      expect(client.stores.graph.entity("Carol White")?.file_path).toBe("5@ctx.md");
    });

    await onTheServer(async (client, server) => {
      const records = await client.find(refsOf(client, [first[1]!, first[2]!, afterwards]), signal);
      expect(records.map((record) => record?.status)).toEqual(["processed", "processed", "processed"]);
      expect(await get(server, "/graph/label/list")).not.toContain("Acme Corporation");
    });
  });

  test("a folder of a LightRAG 1.4 server is opened and gone on with", async () => {
    const old = mkdtempSync(join(tmpdir(), "memory-connector-old-"));
    const server = await startPythonLightRag({
      generation: "1.4",
      modelUrl: model.url,
      dimensions,
      folder: old,
    });
    const api = new LightRagApiClient({ url: server.url, timing: { pollMs: 20 } });
    await api.connect(signal);
    await indexInOrder(api, first);
    await api.close();
    await server.stop();
    const workingDir = join(old, "storage");
    const client = new LightRagDirectClient({ workingDir, models: await scriptedModels(model.url) });
    await client.connect(signal);
    expect(await client.submit([first[0]!], signal)).toMatchObject([
      { kind: "exists", record: { status: "processed" } },
    ]);
    await indexInOrder(client, [byServer]);
    const [oldRecord] = await client.find(refsOf(client, [first[0]!]), signal);
    await client.remove([oldRecord!.documentId], signal);
    expect(client.stores.graph.entity("Acme Corporation")?.file_path).toBe("4@ctx.md");
    expect(client.stores.graph.entity("Alice Smith")?.file_path.split("<SEP>")).not.toContain("1@ctx.md");
    await client.close();
    rmSync(old, { recursive: true, force: true });
  });
});

function refsOf(client: LightRagClient, documents: readonly OutgoingDocument[]) {
  return documents.map((document) => ({
    fileSource: document.fileSource,
    documentId: client.predictDocumentId(document),
  }));
}

async function get(server: PythonLightRag, path: string): Promise<unknown> {
  return (await fetch(`${server.url}${path}`)).json();
}

async function post(server: PythonLightRag, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}
