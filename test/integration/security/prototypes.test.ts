import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readConfig } from "../../../src/config/read-config.ts";
import { parseAnswer } from "../../../src/sinks/lightrag/embedded/extraction/parse-json-answer.ts";
import { parseMemory } from "../../../src/sources/memory-api/parse-memory.ts";
import { startTestApi } from "../../support/api-server.ts";
import { temporaryFolder } from "../../support/temp-folder.ts";

afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).not.toContain("polluted");
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each([
  "__proto__: { polluted: true }",
  "constructor: { prototype: { polluted: true } }",
  "lightrag: { __proto__: { polluted: true }, api: { url: 'http://127.0.0.1:1' } }",
  "x: &a { __proto__: { polluted: true } }\nstate: { <<: *a }",
  "connectors: [{ id: __proto__, context_id: C, __proto__: { enabled: false } }]",
])("a configuration with %s is refused and changes no prototype", (yaml) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "config.yaml"), yaml);
  const read = () => readConfig({ path: "config.yaml", environment: {}, workingFolder: folder });
  expect(read).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});

test("settings of a connector that come through the API cannot reach a prototype", async () => {
  const { url, configuredKey } = await startTestApi();
  const create = (body: string) =>
    fetch(`${url}/connectors`, {
      method: "POST",
      headers: { "x-api-key": configuredKey, "content-type": "application/json" },
      body,
    });
  const nested = await create('{"id":"two","context_id":"C","lightrag":{"__proto__":{"polluted":true}}}');
  const direct = await create('{"__proto__":{"polluted":true},"id":"three","context_id":"C"}');
  const indirect = await create(
    '{"constructor":{"prototype":{"polluted":true}},"id":"four","context_id":"C"}',
  );
  expect([nested.status, direct.status, indirect.status]).toEqual([400, 400, 400]);
});

test("a memory whose fields are named like JavaScript's own parts is read for what it is", () => {
  const item = JSON.parse(
    '{"id":"__proto__","created_at":"2025-01-01T00:00:00Z","transcript":"hello","__proto__":{"polluted":true},"constructor":1}',
  );
  const parsed = parseMemory(item);
  expect(parsed).toMatchObject({ kind: "memory", memory: { id: "__proto__", transcript: "hello" } });
});

test("entities that a model names like JavaScript's own parts are entities", () => {
  const origin = { chunkId: "c", fileSource: "f" };
  const records = ["__proto__", "constructor", "toString"].map(
    (name) => `entity<|#|>${name}<|#|>person<|#|>Something of ${name}.`,
  );
  const { entities } = parseAnswer(records.join("\n"), origin);
  expect([...entities.keys()]).toEqual(["__proto__", "constructor", "toString"]);
});

test("a context and a memory may bear such names in folders, too", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "__proto__"));
  const config = {
    lightrag: { mode: "direct", direct: { working_dir: "./__proto__" } },
    memory_api: { url: "http://127.0.0.1:1", api_key: "k" },
    connectors: [{ id: "constructor", context_id: "__proto__" }],
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  const { config: read } = readConfig({ path: "config.yaml", environment: {}, workingFolder: folder });
  expect(read.connectors[0]).toMatchObject({ id: "constructor", contextIds: ["__proto__"] });
});
