import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { MemoryTransformer } from "../../documents/memory-transformer.ts";
import { createStrategy } from "../../documents/registry.ts";
import { createBuiltinEmbedder } from "../../sinks/lightrag/embedded/builtin/embedder.ts";
import { createBuiltinExtractor } from "../../sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../../sinks/lightrag/embedded/light-rag-direct-client.ts";
import { parseMemory } from "../../sources/memory-api/parse-memory.ts";
import { demoContextId, demoMemories, demoQuestions } from "./memories.ts";

const { signal } = new AbortController();
const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });

function documents() {
  return demoMemories.flatMap((item) => {
    const parsed = parseMemory(item);
    if (parsed.kind !== "memory") throw new Error("a memory of the demo is malformed");
    const prepared = transformer.prepare(demoContextId, parsed.memory);
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
