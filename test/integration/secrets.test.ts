import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newSecretKey } from "../../src/access/secrets/secret-key.ts";
import { ConfigManager } from "../../src/config/config-manager.ts";
import { App } from "../../src/runtime/app.ts";
import { runCli } from "../support/cli.ts";
import { memoryApiOf } from "../support/config.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const [a, b] = [newSecretKey(), newSecretKey()];
const made = { id: "made", context_id: "CTX", memory_api: { api_key: "the-memory-key" } };

function makeFolder(backend: string, security = ""): string {
  const folder = temporaryFolder();
  const yaml = `memory_api: { url: "http://127.0.0.1:1" }
connectors: [{ id: one, context_id: CTX1 }]
state: { backend: ${backend}, path: ./state }
${security}`;
  writeFileSync(join(folder, "config.yaml"), yaml);
  return folder;
}

async function openApp(folder: string, key?: string): Promise<App> {
  const environment = key === undefined ? {} : { ENCRYPTION_KEY: key };
  const manager = ConfigManager.load({ path: "config.yaml", environment, workingFolder: folder });
  const app = await App.open(manager, { readOnly: false });
  onTestFinished(() => app.close());
  return app;
}

async function makeConnector(folder: string, key?: string): Promise<void> {
  const app = await openApp(folder, key);
  await app.connectors.create(made);
  await app.close();
}

const cli = (folder: string, key: string, ...args: string[]) =>
  runCli(args, { cwd: folder, env: { ENCRYPTION_KEY: key } });

/** Everything that lies in the folder, the copies of the state included. */
function everyFile(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1")).join("\n");
}

for (const backend of ["sqlite", "json"]) {
  test(`${backend}: the key of a connector made over the API is in no file, and the connector works`, async () => {
    const folder = makeFolder(backend);
    await makeConnector(folder, a);
    expect(everyFile(folder)).not.toContain("the-memory-key");
    const again = await openApp(folder, a);
    expect(memoryApiOf(again.connector("made")).apiKey).toBe("the-memory-key");
  });

  test(`${backend}: with a wrong key or none every command says so once, and nothing is changed`, async () => {
    const folder = makeFolder(backend);
    await makeConnector(folder, a);
    for (const key of ["", b, "no key"]) {
      const { code, out, err } = await cli(folder, key, "list");
      expect([code, out]).toEqual([2, ""]);
      expect(err.match(/SECRETS_KEY_\w+: .+ · .+/gu)).toHaveLength(1);
    }
    expect(memoryApiOf((await openApp(folder, a)).connector("made")).apiKey).toBe("the-memory-key");
  });

  test(`${backend}: a key is changed by naming the new one first, rotating, and removing the old one`, async () => {
    const folder = makeFolder(backend);
    await makeConnector(folder, a);
    const rotated = await cli(folder, `${b},${a}`, "secrets", "rotate", "--json");
    expect([rotated.code, JSON.parse(rotated.out)]).toEqual([
      0,
      { changed: ["made"], unchanged: 0, sealingKey: expect.stringMatching(/^[0-9a-f]{8}$/u) },
    ]);
    const app = await openApp(folder, b);
    expect(memoryApiOf(app.connector("made")).apiKey).toBe("the-memory-key");
    await app.close();
    await expect(openApp(folder, a)).rejects.toMatchObject({ code: "SECRETS_KEY_MISSING" });
  });
}

test("the status says what is plain, what is sealed and what the keys do not open", async () => {
  const folder = makeFolder("sqlite");
  await makeConnector(folder);
  const plain = await cli(folder, "", "secrets", "status");
  expect([plain.code, plain.out]).toEqual([0, expect.stringContaining("stay plain")]);
  expect(plain.out).toMatch(/^made +1 +0 +yes$/mu);
  await cli(folder, a, "secrets", "rotate");
  expect((await cli(folder, a, "secrets", "status")).out).toMatch(/^made +0 +1 \([0-9a-f]{8}\) +yes$/mu);
  const wrong = await cli(folder, b, "secrets", "status");
  expect([wrong.code, wrong.out]).toEqual([1, expect.stringContaining("SECRETS_KEY_MISSING")]);
});

test("the key may come from a command", async () => {
  const command = JSON.stringify([process.execPath, "-p", JSON.stringify(a)]);
  const folder = makeFolder("sqlite", `advanced: { security: { kms_command: ${command} } }`);
  await makeConnector(folder);
  expect(everyFile(folder)).not.toContain("the-memory-key");
  expect(memoryApiOf((await openApp(folder)).connector("made")).apiKey).toBe("the-memory-key");
});

test("who wants secrets sealed and names no key is told so", async () => {
  const folder = makeFolder("sqlite", "advanced: { security: { encrypt_secrets: true } }");
  const { code, err } = await cli(folder, "", "validate");
  expect([code, err]).toEqual([2, expect.stringContaining("advanced.security.encrypt_secrets")]);
});

test("a generated key is one that seals, and another one each time", async () => {
  const folder = makeFolder("sqlite");
  const keys = [
    await cli(folder, "", "secrets", "generate-key"),
    await cli(folder, "", "secrets", "generate-key"),
  ];
  expect(keys[0]?.out).not.toBe(keys[1]?.out);
  await makeConnector(folder, keys[0]?.out);
});
