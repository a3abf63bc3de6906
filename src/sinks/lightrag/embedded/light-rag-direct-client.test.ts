import { expect, onTestFinished, test } from "vitest";
import { NameExtractor } from "../../../../test/support/name-extractor.ts";
import { temporaryFolder } from "../../../../test/support/temp-folder.ts";
import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { DocumentRecord, OutgoingDocument } from "../light-rag-client.ts";
import { createBuiltinEmbedder } from "./builtin/embedder.ts";
import { LightRagDirectClient } from "./light-rag-direct-client.ts";
import { documentsOfEntity, entitiesOfDocument } from "./query/look-up.ts";

const signal = new AbortController().signal;
const ada: OutgoingDocument = { fileSource: "1.md", text: "Ada lives in Paris. Ada knows Ben." };
const ben: OutgoingDocument = { fileSource: "2.md", text: "Ben works in Paris." };
const eve: OutgoingDocument = { fileSource: "3.md", text: "Eve refuses." };

async function opened(
  workingDir = temporaryFolder(),
  extraction = new NameExtractor(),
): Promise<LightRagDirectClient> {
  const models = { extraction, embedding: createBuiltinEmbedder() };
  const client = new LightRagDirectClient({ workingDir, models });
  await client.connect(signal);
  onTestFinished(() => client.close());
  return client;
}

async function finished(
  client: LightRagDirectClient,
  ...documents: OutgoingDocument[]
): Promise<DocumentRecord[]> {
  const refs = documents.map((document) => ({
    fileSource: document.fileSource,
    documentId: client.predictDocumentId(document),
  }));
  await expect.poll(() => client.isBusy(signal)).toBe(false);
  return (await client.find(refs, signal)).map((record) => record ?? expect.fail("a document is not there"));
}

test("documents are accepted, indexed in the background and found processed", async () => {
  const client = await opened();
  const outcomes = await client.submit([ada, ben], signal);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "accepted"]);
  const records = await finished(client, ada, ben);
  expect(records.map(({ status, chunks }) => [status, chunks])).toEqual([
    ["processed", 1],
    ["processed", 1],
  ]);
  expect(await client.connect(signal)).toMatchObject({ documents: 2 });
  expect([...client.stores.graph.names()]).toEqual(["Ada", "Paris", "Ben"]);
  expect(client.stores.graph.entity("Paris")?.file_path).toBe("1.md<SEP>2.md");
});

test("an equal name or an equal text is not taken twice, whoever comes first", async () => {
  const client = await opened();
  const sameText = { fileSource: "other.md", text: ` ${ada.text}\n` };
  const sameName = { fileSource: ada.fileSource, text: "Something else." };
  const outcomes = await Promise.all(
    [ada, sameText, sameName].map((document) => client.submit([document], signal)),
  );
  expect(outcomes.flat().map(({ kind }) => kind)).toEqual(["accepted", "exists", "exists"]);
  await finished(client, ada);
  const [later] = await client.submit([sameText], signal);
  expect(later).toMatchObject({ kind: "exists", record: { fileSource: "1.md", status: "processed" } });
});

test("documents that LightRAG would never take are rejected, the others go on", async () => {
  const client = await opened();
  const outcomes = await client.submit(
    [{ fileSource: "a/b.md", text: "x" }, { fileSource: "b.md", text: " " }, ada],
    signal,
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(["rejected", "rejected", "accepted"]);
});

test("a removed document takes along what only it supports", async () => {
  const client = await opened();
  await client.submit([ada, ben], signal);
  await finished(client, ada, ben);
  await client.remove([client.predictDocumentId(ada), "doc-unknown"], signal);
  expect(
    await client.find([{ fileSource: "1.md", documentId: client.predictDocumentId(ada) }], signal),
  ).toEqual([undefined]);
  expect([...client.stores.graph.names()]).toEqual(["Paris", "Ben"]);
  expect(client.stores.graph.entity("Paris")).toMatchObject({
    description: "Paris in: Ben works in Paris.",
    file_path: "2.md",
  });
  expect(client.stores.entityVectors.size).toBe(2);
  expect(client.stores.answers.size).toBe(1);
  expect(client.stores.chunks.size).toBe(1);
});

test("a document can be removed and delivered again while the rest is being indexed", async () => {
  const client = await opened();
  await client.submit([ada, ben], signal);
  await client.remove([client.predictDocumentId(ada)], signal);
  const changed = { ...ada, text: "Ada moved to Rome." };
  expect((await client.submit([changed], signal))[0]?.kind).toBe("accepted");
  expect((await finished(client, changed, ben)).map(({ status }) => status)).toEqual([
    "processed",
    "processed",
  ]);
  expect(entitiesOfDocument(client.stores, client.predictDocumentId(ada))).toEqual(["Ada", "Rome"]);
});

test("one document that fails does not stop the others, leaves nothing behind and can be delivered again", async () => {
  const extraction = new NameExtractor();
  const client = await opened(temporaryFolder(), extraction);
  extraction.refuses = new ConnectorError("MODEL_REQUEST_REFUSED", "refused");
  await client.submit([ada, eve, ben], signal);
  const [first, failed, last] = await finished(client, ada, eve, ben);
  expect([first?.status, last?.status]).toEqual(["processed", "processed"]);
  expect(failed).toMatchObject({ status: "failed", chunks: 0, error: "refused", modelUnavailable: false });
  expect(client.stores.graph.entity("Eve")).toBeUndefined();
  extraction.refuses = undefined;
  await client.remove([client.predictDocumentId(eve)], signal);
  await client.submit([eve], signal);
  expect((await finished(client, eve))[0]?.status).toBe("processed");
});

test("a model that is away is told apart from a document that it refuses", async () => {
  const extraction = new NameExtractor();
  const client = await opened(temporaryFolder(), extraction);
  extraction.refuses = new ConnectorError("MODEL_QUOTA", "no money");
  await client.submit([eve], signal);
  expect(await finished(client, eve)).toMatchObject([{ status: "failed", modelUnavailable: true }]);
});

test("a document that was accepted and not finished is taken up again", async () => {
  const workingDir = temporaryFolder();
  const first = await opened(workingDir);
  await first.submit([ada, ben], signal);
  await first.close();
  const second = await opened(workingDir);
  const refs = [ada, ben].map((it) => ({
    fileSource: it.fileSource,
    documentId: second.predictDocumentId(it),
  }));
  expect((await second.find(refs, signal)).map((record) => record?.status)).toEqual(["pending", "pending"]);
  await second.resumeInterrupted(signal);
  await second.resumeInterrupted(signal);
  expect((await finished(second, ada, ben)).map(({ status }) => status)).toEqual(["processed", "processed"]);
  expect([...second.stores.graph.names()]).toEqual(["Ada", "Paris", "Ben"]);
});

test("what an entity was found in leads back to the documents", async () => {
  const client = await opened();
  await client.submit([ada, ben], signal);
  await finished(client, ada, ben);
  expect(documentsOfEntity(client.stores, "Paris").map(({ fileSource }) => fileSource)).toEqual([
    "1.md",
    "2.md",
  ]);
  expect(documentsOfEntity(client.stores, "Nobody")).toEqual([]);
  expect(entitiesOfDocument(client.stores, client.predictDocumentId(ben))).toEqual(["Ben", "Paris"]);
});

test("callers who open the folder at the same time share it, and one that is cancelled cancels no other", async () => {
  const models = { extraction: new NameExtractor(), embedding: createBuiltinEmbedder() };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models });
  onTestFinished(() => client.close());
  const leaving = new AbortController();
  const first = client.connect(leaving.signal);
  const others = [client.connect(signal), client.connect(signal)];
  expect(() => client.requireFree()).not.toThrow();
  leaving.abort();
  await first.catch(() => undefined);
  expect(await Promise.all(others)).toMatchObject([{ documents: 0 }, { documents: 0 }]);
  expect(await Promise.all([1, 2, 3, 4].map(() => client.connect(signal)))).toHaveLength(4);
});
