import { expect, test } from "vitest";
import { minimal, problemsOf, readYaml } from "../../../test/support/config.ts";

const direct = `${minimal}\nlightrag: { mode: direct }`;

function modelsOf(environment: Record<string, string>, yaml = direct) {
  const { lightrag } = readYaml(yaml, { environment }).config;
  if (lightrag.mode !== "direct") throw new Error("not in direct mode");
  return { llm: lightrag.direct.llm, embedding: lightrag.direct.embedding };
}

test("without models in the file and in the environment, direct mode uses the built-in ones", () => {
  expect(modelsOf({})).toEqual({ llm: { provider: "builtin" }, embedding: { provider: "builtin" } });
});

test("a key for OpenAI that is there for other programs names no model", () => {
  expect(modelsOf({ OPENAI_API_KEY: "sk-1" }).llm).toEqual({ provider: "builtin" });
});

test("LightRAG's own variables name an endpoint of OpenAI's kind", () => {
  const environment = {
    LLM_BINDING: "openai",
    LLM_MODEL: "gpt-4o-mini",
    OPENAI_API_KEY: "sk-1",
    EMBEDDING_BINDING: "openai",
    EMBEDDING_BINDING_HOST: "http://127.0.0.1:1234/v1",
    EMBEDDING_MODEL: "text-embedding-3-small",
    EMBEDDING_DIM: "1536",
  };
  expect(modelsOf(environment)).toMatchObject({
    llm: {
      provider: "openai-compatible",
      baseUrl: "https://api.openai.com/v1",
      model: "gpt-4o-mini",
      apiKey: "sk-1",
    },
    embedding: { baseUrl: "http://127.0.0.1:1234/v1", model: "text-embedding-3-small", dimension: 1536 },
  });
});

test.each([
  [{}, "http://localhost:11434/v1"],
  [{ LLM_BINDING_HOST: "http://gpu:11434/" }, "http://gpu:11434/v1"],
  [{ LLM_BINDING_HOST: "http://gpu:11434/v1" }, "http://gpu:11434/v1"],
])("Ollama is asked through its OpenAI-compatible path (%j)", (host, baseUrl) => {
  const { llm } = modelsOf({
    LLM_BINDING: "ollama",
    LLM_MODEL: "llama3",
    LLM_BINDING_API_KEY: "k-1",
    ...host,
  });
  expect(llm).toMatchObject({ baseUrl, apiKey: "k-1" });
});

test("OpenAI's key is not sent to Ollama", () => {
  const { llm } = modelsOf({ LLM_BINDING: "ollama", LLM_MODEL: "llama3", OPENAI_API_KEY: "sk-1" });
  expect(llm).toMatchObject({ apiKey: null });
});

test("models that the file names go before the environment's", () => {
  const yaml = `${minimal}\nlightrag: { mode: direct, direct: { llm: { provider: builtin } } }`;
  expect(modelsOf({ LLM_MODEL: "gpt-4o-mini" }, yaml).llm).toEqual({ provider: "builtin" });
});

test("the environment's models are none of a connector's business that sends to a server", () => {
  const { config } = readYaml(minimal, { environment: { LLM_BINDING: "gemini" } });
  expect(config.lightrag.mode).toBe("api");
});

test("a binding that cannot be used, and a model without its dimension, are problems that name the variable", () => {
  const environment = { LLM_BINDING: "gemini", EMBEDDING_MODEL: "nomic-embed-text" };
  expect(problemsOf(direct, { environment })).toEqual([
    expect.objectContaining({
      path: "lightrag.direct.llm.provider",
      origin: "LLM_BINDING",
      value: '"gemini"',
    }),
    expect.objectContaining({ path: "lightrag.direct.embedding.dimension", reason: "is missing" }),
  ]);
});

test("an override mends nothing but its own setting: what is in its way stays a problem", () => {
  const overrides = [{ path: ["api", "port"], value: 1, label: "--port" }];
  expect(problemsOf(`${minimal}\napi: text`, { overrides })[0]).toMatchObject({
    path: "api",
    reason: "must be a map of settings",
  });
  expect(readYaml(minimal, { overrides }).config.api.port).toBe(1);
});

test("a problem within what a flag brought names the flag", () => {
  const overrides = [
    { path: ["connectors"], value: [{ id: "a b", context_id: "c" }], label: "--context-id" },
  ];
  expect(problemsOf(minimal, { overrides })).toMatchObject([
    { path: "connectors[0].id", origin: "--context-id", line: null },
  ]);
});

test("a connector may go back to the built-in models although the block names an endpoint", () => {
  const { config } = readYaml(`
memory_api: { url: "http://127.0.0.1:8080" }
lightrag: { mode: direct, direct: { llm: { provider: openai-compatible, base_url: "http://127.0.0.1:1/v1", model: m } } }
connectors: [{ id: one, context_id: CTX1, lightrag: { direct: { llm: { provider: builtin } } } }]
`);
  expect(config.connectors[0]?.lightrag).toMatchObject({ direct: { llm: { provider: "builtin" } } });
});
