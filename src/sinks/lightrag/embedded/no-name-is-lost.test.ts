import { expect, onTestFinished, test } from "vitest";
import { awkwardNames } from "../../../../test/support/awkward-names.ts";
import { temporaryFolder } from "../../../../test/support/temp-folder.ts";
import type { OutgoingDocument } from "../light-rag-client.ts";
import { createBuiltinEmbedder } from "./builtin/embedder.ts";
import { boundedName, normaliseName } from "./extraction/normalise-text.ts";
import { LightRagDirectClient } from "./light-rag-direct-client.ts";
import type { ExtractionModel } from "./models/models.ts";
import { pairKey } from "./storage/keys.ts";

const signal = new AbortController().signal;
/** As LightRAG stores them. */
const names = [...new Set(awkwardNames.map((name) => boundedName(normaliseName(name))))].filter(Boolean);
const documents: OutgoingDocument[] = [
  { fileSource: "constructor.md", text: "One." },
  { fileSource: "__proto__.md", text: "Two." },
];

/** Finds the same line of names in every text. */
const extraction: ExtractionModel = {
  id: "awkward",
  extract: async () => ({
    entities: names.map((name) => ({ name, type: "thing", description: `About ${name}` })),
    relations: names.slice(1).map((target, index) => ({
      source: names[index] ?? "",
      target,
      keywords: target,
      description: `To ${target}`,
    })),
  }),
};

test("every relation between awkward names is kept, found again after a restart, and gone with its last document", async () => {
  const workingDir = temporaryFolder();
  const first = await opened(workingDir);
  await first.submit(documents, signal);
  await expect.poll(() => first.isBusy(signal)).toBe(false);
  await expectLine(first, "constructor.md");
  await first.close();
  const second = await opened(workingDir);
  await second.remove([second.predictDocumentId(documents[0] as OutgoingDocument)], signal);
  await expectLine(second, "__proto__.md");
  await second.remove([second.predictDocumentId(documents[1] as OutgoingDocument)], signal);
  expect([...second.stores.graph.names()]).toEqual([]);
  expect(second.stores.entityVectors.size).toBe(0);
  expect(second.stores.relationVectors.size).toBe(0);
});

async function expectLine(client: LightRagDirectClient, fileSource: string): Promise<void> {
  const written = await extraction.extract("", signal);
  const kept = written.relations.filter(({ source, target }) => plain(source) && plain(target));
  const found = new Set(Array.from(client.stores.graph.relations(), (it) => pairKey(it.source, it.target)));
  for (const { source, target } of kept) expect(found).toContain(pairKey(source, target));
  const { entities } = await client.knowledge().entitiesOf(fileSource, signal);
  const shown = entities.map(({ name }) => name);
  for (const name of names.filter(plain)) expect(shown).toContain(name);
}

/** What stands between angle brackets in numbers would be a delimiter of the record format; such a name comes otherwise. */
function plain(name: string): boolean {
  return !/[<|#>]{2,}|\s{2,}|[\n\r\t]/u.test(name);
}

async function opened(workingDir: string): Promise<LightRagDirectClient> {
  const client = new LightRagDirectClient({
    workingDir,
    models: { extraction, embedding: createBuiltinEmbedder() },
  });
  await client.connect(signal);
  onTestFinished(() => client.close());
  return client;
}
