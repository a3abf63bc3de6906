import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { readConfig } from "./read-config.ts";

function inForce(yaml: string, environment: Record<string, string> = {}, files: Record<string, string> = {}) {
  const workingFolder = temporaryFolder();
  for (const [name, text] of Object.entries({ "config.yaml": yaml, ...files }))
    writeFileSync(join(workingFolder, name), text);
  const overrides = [{ path: ["api", "port"], value: "9000", label: "--port" }];
  const read = readConfig({ path: "config.yaml", environment, workingFolder, overrides });
  const all = read.settings();
  return { all, at: (path: string) => all.find((each) => each.path === path), folder: workingFolder };
}

const minimal = `memory_api: { url: "http://memories.example" }
connectors: [{ id: one, context_id: CTX }]
`;

test("each value has its origin: a line of the file, a variable, a flag, a secret file, or nobody", () => {
  const { at, folder } = inForce(
    `${minimal}state:
  keep_text: 280
geocoder: { provider: nominatim, contact: ops, url: "\${GEO:-http://geo.example}" }
lightrag: { api: { url: "http://rag.example", api_key: "\${file:rag.key}" } }
`,
    { MEMORY_API_KEY: "one-of-the-environment", GEO: "http://geo.of.env" },
    { "rag.key": "one-of-a-file" },
  );
  expect(at("state.keep_text")).toEqual({
    ...{ path: "state.keep_text", value: "280", isDefault: false, line: 4, origin: null },
  });
  expect(at("api.port")).toMatchObject({ value: "9000", isDefault: false, line: null, origin: "--port" });
  expect(at("geocoder.url")).toMatchObject({ value: "http://geo.of.env", line: null, origin: "GEO" });
  expect(at("memory_api.api_key")).toMatchObject({ value: "***", line: null, origin: "MEMORY_API_KEY" });
  expect(at("lightrag.api.api_key")).toMatchObject({ value: "***", origin: join(folder, "rag.key") });
  expect(at("api.host")).toEqual({
    ...{ path: "api.host", value: "127.0.0.1", isDefault: true, line: null, origin: null },
  });
  expect(at("connectors[0].id")).toMatchObject({ value: "one", isDefault: false, line: 2 });
});

test("defaults are told as the file would spell them, also those of each connector", () => {
  const { at } = inForce(minimal);
  expect(at("api.sessions.lifetime")).toMatchObject({ value: "7d", isDefault: true });
  expect(at("connectors[0].enabled")).toMatchObject({ value: "true", isDefault: true });
});

test("what is not set and has no default is left out, and no setting is there twice", () => {
  const { all, at } = inForce(minimal);
  expect(at("api.api_key")).toBeUndefined();
  expect(new Set(all.map(({ path }) => path)).size).toBe(all.length);
  expect(all.filter(({ value }) => value === null || value === "undefined")).toEqual([]);
});

test("no secret is in it, wherever it stands", () => {
  const secrets = ["login-secret", "item-secret", "key-secret", "hook-secret", "named-secret", "odd-secret"];
  const { all } = inForce(
    `memory_api:
  url: "http://me:login-secret@memories.example"
  api_key: key-secret
api: { api_key: "\${KEY}", allowed_hosts: [memories.example, "\${TOKEN_HOST}"] }
monitoring: { alerts: { enabled: true, alert_on: [{ truncated: true }], webhook_url: "http://hooks.example/hook-secret" } }
state: { path: "./\${SOME_TOKEN}.db" }
logging: { file: { enabled: true, path: "me:odd-secret@logs" } }
connectors: [{ id: one, context_id: CTX, description: "see http://a:login-secret@b" }]
`,
    { KEY: "key-secret-that-is-long-enough", SOME_TOKEN: "named-secret", TOKEN_HOST: "item-secret.example" },
  );
  const told = JSON.stringify(all);
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  expect(all.find(({ path }) => path === "api.allowed_hosts")).toMatchObject({
    ...{ value: '["memories.example","***"]', line: null, origin: "TOKEN_HOST" },
  });
});
