import { expect, test } from "vitest";
import { memoryApiOf, readYaml } from "../../test/support/config.ts";
import { connectionOverrides } from "./connection-flags.ts";

const connectors = "connectors: [{ id: one, context_id: CTX }]";

function originsIn(yaml: string, situation: Parameters<typeof readYaml>[1] = {}) {
  const [connector] = readYaml(yaml, { files: { key: "k" }, ...situation }).config.connectors;
  if (connector?.lightrag.mode !== "api") throw new Error("a server is configured");
  return [memoryApiOf(connector).keyOrigin, connector.lightrag.api.keyOrigin];
}

const plain = `memory_api: { url: "http://a:1", api_key: x }\nlightrag: { api: { api_key: y } }\n${connectors}`;

test("a key that stands in the file has no other origin", () => {
  expect(originsIn(plain)).toEqual([null, null]);
});

test("a flag and a variable replace the file's, and are named", () => {
  const flags = { apiKey: "a", lightragApiKey: "b" };
  const overrides = connectionOverrides(flags);
  const environment = { MEMORY_API_KEY: "c" };
  expect(originsIn(plain, { overrides, environment })).toEqual(["--api-key", "--lightrag-api-key"]);
  expect(originsIn(plain, { environment })).toEqual(["the variable MEMORY_API_KEY", null]);
});

test("a variable or a file that the file names is named, and of a connector's own key its own", () => {
  const yaml = `memory_api: { url: "http://a:1", api_key: "\${KEY}" }
lightrag: { api: { api_key: "\${file:key}" } }
connectors: [{ id: one, context_id: CTX, memory_api: { api_key: "\${OTHER}" } }]`;
  const environment = { KEY: "k", OTHER: "o" };
  expect(originsIn(yaml, { environment })).toEqual([
    "the variable OTHER",
    expect.stringMatching(/^\/.*\/key$/u),
  ]);
  const source = yaml.replace(
    "memory_api: { api_key: ",
    'source: { type: memory_api, url: "http://a:1", api_key: ',
  );
  expect(originsIn(source, { environment })[0]).toBe("the variable OTHER");
});
