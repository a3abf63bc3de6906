import { expect, onTestFinished, test } from "vitest";
import { problemsOf, readYaml } from "../../../../test/support/config.ts";
import { temporaryFolder } from "../../../../test/support/temp-folder.ts";
import { createBuiltinEmbedder } from "./builtin/embedder.ts";
import { createBuiltinExtractor } from "./builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "./light-rag-direct-client.ts";

const signal = new AbortController().signal;
const document = { fileSource: "1.md", text: "Ada met Ben in Paris. ".repeat(40) };

test("texts are cut as the setting says, and the folder notes it as LightRAG does", async () => {
  const models = { extraction: createBuiltinExtractor(), embedding: createBuiltinEmbedder() };
  const chunking = { size: 50, overlap: 10 };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models, chunking });
  await client.connect(signal);
  onTestFinished(() => client.close());
  await client.submit([document], signal);
  await expect.poll(() => client.isBusy(signal)).toBe(false);
  const { stores } = client;
  const chunks = [...stores.chunks.keys()].map((id) => stores.chunks.get(id)?.tokens ?? 0);
  expect(chunks.length).toBeGreaterThan(4);
  expect(Math.max(...chunks)).toBe(50);
  const [id = ""] = stores.documents.keys();
  expect(stores.documents.get(id)?.chunk_options).toMatchObject({
    chunk_token_size: 50,
    fixed_token: { chunk_overlap_token_size: 10 },
  });
  expect(stores.documentStatus.get(id)?.metadata?.chunk_opts).toBe("size=50, split_only=False, overlap=10");
});

const config = (direct: string) => `
memory_api: { url: "http://127.0.0.1:8080" }
lightrag: { mode: direct, direct: { ${direct} } }
connectors: [{ id: one, context_id: CTX1 }]
`;

function chunkingOf(direct: string, environment: Record<string, string> = {}): unknown {
  const { lightrag } = readYaml(config(direct), { environment }).config.connectors[0] ?? {};
  return lightrag?.mode === "direct" ? lightrag.direct.chunking : undefined;
}

test("without a word LightRAG's sizes hold, then those of LightRAG's variables, and the file's before both", () => {
  const variables = { CHUNK_SIZE: "800", CHUNK_OVERLAP_SIZE: "80" };
  expect(chunkingOf("")).toEqual({ size: 1200, overlap: 100 });
  expect(chunkingOf("", variables)).toEqual({ size: 800, overlap: 80 });
  expect(chunkingOf("chunk_token_size: 400", variables)).toEqual({ size: 400, overlap: 80 });
});

test.each(["chunk_token_size: 100", "chunk_token_size: 500, chunk_overlap_token_size: 500"])(
  "an overlap that is no smaller than the chunk is refused: %s",
  (direct) => {
    expect(problemsOf(config(direct))).toMatchObject([{ path: "lightrag.direct.chunk_overlap_token_size" }]);
  },
);
