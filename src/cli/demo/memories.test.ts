import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { MemoryTransformer } from "../../documents/memory-transformer.ts";
import { createStrategy } from "../../documents/registry.ts";
import { createBuiltinEmbedder } from "../../sinks/lightrag/embedded/builtin/embedder.ts";
import { createBuiltinExtractor } from "../../sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../../sinks/lightrag/embedded/light-rag-direct-client.ts";
import { inMemorySettings, toInMemoryConfig } from "../../sources/in-memory/settings.ts";
import { demoContextId, demoMemories, demoQuestions } from "./memories.ts";

const { signal } = new AbortController();
const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });

function documents() {
  const { memories } = toInMemoryConfig(inMemorySettings.parse({ memories: demoMemories }));
  return memories.flatMap((memory) => {
    const prepared = transformer.prepare(demoContextId, memory);
    return prepared.kind === "document" ? [prepared] : [];
  });
}

test("the memory found first for each question of the demo holds its answer", async () => {
  const models = { embedding: createBuiltinEmbedder(), extraction: createBuiltinExtractor() };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models });
  onTestFinished(() => client.close());
  await client.connect(signal);
  await client.submit(documents(), signal);
  await expect.poll(() => client.isBusy(signal), { timeout: 30_000 }).toBe(false);
  const reader = client.knowledge();
  const firstFor = async (question: string) => {
    const { chunks } = await reader.query(
      { question, mode: "mix", topK: 5, chunkTopK: 3, answer: false },
      signal,
    );
    return chunks[0]?.text;
  };
  const [launch = "", meadow = ""] = demoQuestions;
  expect(await firstFor(launch)).toContain("20 September, at high tide");
  expect(await firstFor(meadow)).toContain("Hugo dives with me. He found the first seagrass meadow");
}, 60_000);

test("the memories show what real ones show: several types, unknown places, missing transcripts", () => {
  const count = (is: (memory: (typeof demoMemories)[number]) => boolean) => demoMemories.filter(is).length;
  expect(demoMemories.length).toBeGreaterThanOrEqual(60);
  expect(new Set(demoMemories.map(({ id }) => id)).size).toBe(demoMemories.length);
  expect(new Set(demoMemories.map(({ type }) => type)).size).toBeGreaterThanOrEqual(4);
  expect(count(({ location }) => location === undefined)).toBeGreaterThan(3);
  expect(count(({ transcript }) => transcript === "")).toBe(2);
});

test("the people, places and organisations of the memories are found with their types", async () => {
  const extractor = createBuiltinExtractor();
  const types = new Map<string, string>();
  for (const { transcript } of demoMemories) {
    const { entities } = await extractor.extract(transcript, new AbortController().signal);
    for (const { name, type } of entities) types.set(name, type);
  }
  const people = ["Nina", "Tomas", "Ines", "Oliver", "Clara", "Jonas", "Hugo", "Helena Duarte", "Dr. Costa"];
  for (const person of people) expect([person, types.get(person)]).toEqual([person, "person"]);
  expect(types.get("Seagrass Trust")).toBe("organization");
  expect(types.get("Lisbon")).toBe("location");
  expect(types.get("Pepper")).toBe("creature");
});
