import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { indexedFolder } from "../../../../test/support/indexed-folder.ts";
import { temporaryFolder } from "../../../../test/support/temp-folder.ts";
import { createBuiltinEmbedder } from "./builtin/embedder.ts";
import { LightRagDirectClient } from "./light-rag-direct-client.ts";
import type { ExtractionModel } from "./models/models.ts";

const { signal } = new AbortController();
/** So many that what they say of a name has to be summed up, also when some are gone. */
const documents = Array.from({ length: 15 }, (_, index) => ({
  fileSource: `${index}.md`,
  text: `Eve Adams met Guest${index} Smith in Rome.`,
}));

test("what all of them tell of is made anew once, however many go", async () => {
  const summariesFor = async (count: number) => {
    const { client, model, ids, held } = await indexedFolder(documents, signal);
    const before = model.calls.summary;
    await client.remove(ids.slice(0, count), signal);
    expect(held()).toBe(documents.length - count);
    expect(client.stores.graph.entity("Eve Adams")?.file_path).not.toContain("0.md<SEP>1.md");
    return model.calls.summary - before;
  };
  const forOne = await summariesFor(1);
  expect(forOne).toBeGreaterThan(0);
  expect(await summariesFor(5)).toBe(forOne);
});

/** Answers at once, as built-in models do. */
const promptly: ExtractionModel = {
  id: "names",
  extract: async (text) => ({
    entities: (text.match(/\b\p{Lu}\w+/gu) ?? []).map((name) => ({
      name,
      type: "person",
      description: text,
    })),
    relations: [],
  }),
};

test("a signal is heeded between two of them, and nothing is deleted then", async () => {
  const models = { extraction: promptly, embedding: createBuiltinEmbedder() };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models });
  onTestFinished(() => client.close());
  await client.connect(signal);
  await client.submit(documents, signal);
  await expect.poll(() => client.isBusy(signal), { timeout: 20_000 }).toBe(false);
  const ids = documents.map((document) => client.predictDocumentId(document));
  const stop = new AbortController();
  const removal = client.remove(ids.slice(0, 5), stop.signal);
  void nextTurn().then(() => stop.abort(new Error("stop now")));
  await expect(removal).rejects.toThrow("stop now");
  expect(ids.every((id) => client.stores.documentStatus.has(id))).toBe(true);
  expect(client.stores.graph.entity("Guest0")).toBeDefined();
});
