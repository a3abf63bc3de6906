import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memoryApiOf } from "../../test/support/config.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { type ConnectionFlags, connectionOverrides } from "./connection-flags.ts";
import { readConfig } from "./read-config.ts";

const yaml = `
memory_api: { url: "http://a.example:8080", api_key: memory-key }
lightrag: { api: { url: "https://rag.example", api_key: rag-key, username: u, password: secret-word } }
connectors: [{ id: one, context_id: CTX }]
`;

function readWith(flags: ConnectionFlags) {
  const workingFolder = temporaryFolder();
  writeFileSync(join(workingFolder, "config.yaml"), yaml);
  const overrides = connectionOverrides(flags);
  return readConfig({ path: "config.yaml", overrides, environment: {}, workingFolder }).config.connectors[0]!;
}

test.each([
  { apiUrl: "http://evil.example" },
  { apiUrl: "https://a.example:8080" },
  { lightragUrl: "https://rag.example:8443" },
])("an address that a flag gives does not get the file's keys for another server (%j)", (flags) => {
  expect(() => readWith(flags)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});

test("a key that comes with the address, or one that is said to be none, is what is sent", () => {
  const apiUrl = "http://b.example";
  expect(memoryApiOf(readWith({ apiUrl, apiKey: "own" })).apiKey).toBe("own");
  expect(memoryApiOf(readWith({ apiUrl, apiKey: "" })).apiKey).toBeNull();
  const { lightrag } = readWith({ lightragUrl: "http://b.example", lightragApiKey: "own" });
  expect(lightrag).toMatchObject({ api: { apiKey: "own", login: null } });
});

test("another path on the same server keeps the file's keys", () => {
  expect(memoryApiOf(readWith({ apiUrl: "http://a.example:8080/v2" })).apiKey).toBe("memory-key");
});
