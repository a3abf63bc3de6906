import { appendFileSync, cpSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { type ApiMemory, makeApiMemories } from "../support/memory-api-data.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { eventually } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { run, supervise } from "./support/installed-command.ts";

const { current, earlier } = inject("packages");

/** A Memory API with some memories, a LightRAG, and an empty folder: all that the operator has in the morning. */
async function morning(memories: number) {
  const memoryApi = await MemoryApiSimulator.start();
  onTestFinished(() => memoryApi.close());
  memoryApi.put("CTX", ...makeApiMemories(memories, Date.now()));
  const lightrag = new LightRagSimulator({ generation: "1.5", apiKey: "key-of-lightrag" });
  await lightrag.start();
  onTestFinished(() => lightrag.stop());
  return { folder: temporaryFolder(), memoryApi, lightrag };
}

test("a day: install, init, check, serve, kill -9, logrotate, key rotation, a broken file, a second machine", async () => {
  const { folder, memoryApi, lightrag } = await morning(12);
  const here = (...args: string[]) => run(current.command, folder, ...args);
  const json = async (...args: string[]) => JSON.parse((await here(...args, "--json")).out);
  const configuration = join(folder, "config.yaml");

  // First steps.
  const ends = ["--api-url", memoryApi.url, "--api-key", memoryApi.key, "--context-id", "CTX"];
  const sink = ["--lightrag-url", lightrag.url, "--lightrag-api-key", "key-of-lightrag"];
  expect(await here("init", ...ends, ...sink)).toMatchObject({ code: 0 });
  expect(await here("check")).toMatchObject({ code: 0 });
  expect(readFileSync(configuration, "utf8")).not.toContain("key-of-lightrag");
  appendFileSync(configuration, "\nlogging: { file: ./logs/mc.log }\n");

  // A service that is killed in the middle of its work and started again.
  lightrag.options.processingMs = 100;
  const service = supervise(current.command, folder, "--port", "0");
  await service.ready(1);
  await eventually(() => lightrag.documents().length > 2);
  service.kill("SIGKILL");
  const api = await service.ready(2);
  await eventually(async () => {
    const { connectors } = await json("status");
    return connectors[0]?.memories.processed === 12;
  });
  expect(lightrag.documents().map(({ status }) => status)).toEqual(Array(12).fill("processed"));

  // Logrotate.
  const log = join(folder, "logs", "mc.log");
  renameSync(log, `${log}.1`);
  service.kill("SIGHUP");
  await eventually(() => existsSync(log));

  // The key to the API is changed while the service runs.
  const first = await json("keys", "create", "--name", "first", "--role", "admin");
  const connectorsBy = async (key: string) => (await callApi(api, "GET", "/connectors", { key })).status;
  expect(await connectorsBy(first.key)).toBe(200);
  const second = await json("keys", "create", "--name", "second", "--role", "admin");
  expect(await here("keys", "revoke", first.id)).toMatchObject({ code: 0 });
  await eventually(async () => (await connectorsBy(first.key)) === 401);
  expect(await connectorsBy(second.key)).toBe(200);

  // A connector is made through the API; its secrets are sealed, then sealed with another key, under the running service.
  memoryApi.put("OTHER", ...makeApiMemories(3, Date.now()));
  const [oldKey, newKey] = [await generateKey(), await generateKey()];
  const secondConnector = {
    id: "second",
    context_id: "OTHER",
    memory_api: { url: memoryApi.url, api_key: memoryApi.key },
    lightrag: { api: { url: lightrag.url, api_key: "key-of-lightrag" } },
    schedule: { type: "manual" },
  };
  const dotEnv = readFileSync(join(folder, ".env"), "utf8");
  await sealWith(oldKey);
  const made = await callApi(api, "POST", "/connectors", { key: second.key, body: secondConnector });
  expect(made).toMatchObject({ status: 201 });
  expect(await json("secrets", "status")).toMatchObject({ connectors: [{ plain: 0 }] });
  await sealWith(`${newKey},${oldKey}`);
  expect(await here("secrets", "rotate")).toMatchObject({ code: 0 });
  await sealWith(newKey);
  expect(await here("check", "second")).toMatchObject({ code: 0 });
  const triggered = await callApi(api, "POST", "/connectors/second/trigger", { key: second.key });
  expect(triggered).toMatchObject({ status: 202 });
  await eventually(async () => (await json("history", "second")).runs[0]?.outcome === "success");

  // A slip of the hand in the file changes nothing, and is said.
  const good = readFileSync(configuration, "utf8");
  const descriptionOf = async () => (await callApi(api, "GET", "/health", { key: second.key })).body;
  writeFileSync(configuration, good.replace("context_id", "contxt_id"));
  service.kill("SIGHUP");
  await eventually(async () => (await descriptionOf()).details.parts.configuration.status === "degraded");
  const { body: kept } = await callApi(api, "GET", "/connectors/personal-memories", { key: second.key });
  expect(kept).toMatchObject({ contextIds: ["CTX"] });
  writeFileSync(configuration, good);
  service.kill("SIGHUP");
  await eventually(async () => (await descriptionOf()).details.parts.configuration.status === "ok");

  // To a second machine.
  expect(await here("export", "all.tar.gz")).toMatchObject({ code: 0 });
  expect(await service.stop()).toBe(0);
  const machine = temporaryFolder();
  for (const name of ["config.yaml", ".env", "all.tar.gz"]) cpSync(join(folder, name), join(machine, name));
  const there = (...args: string[]) => run(current.command, machine, ...args);
  expect(await there("restore", "all.tar.gz", "--with-keys")).toMatchObject({ code: 0 });
  const before = lightrag.documents().map(({ id }) => id);
  expect(before).toHaveLength(15);
  expect(await there("sync", "--all")).toMatchObject({ code: 0 });
  expect(lightrag.documents().map(({ id }) => id)).toEqual(before);
  expect(await there("audit", "verify")).toMatchObject({ code: 0 });

  async function generateKey(): Promise<string> {
    return (await here("secrets", "generate-key")).out.trim();
  }

  /** Names the keys where the service reads them, and has it read. */
  async function sealWith(keys: string): Promise<void> {
    const reread = service.said()[1]?.length ?? 0;
    writeFileSync(join(folder, ".env"), `${dotEnv}\nENCRYPTION_KEY=${keys}\n`);
    service.kill("SIGHUP");
    await eventually(() => (service.said()[1]?.length ?? 0) > reread);
  }
});

test("an upgrade takes over state and configuration and sends nothing again; the way back is refused with a code", async ({
  skip,
}) => {
  if (earlier === null) return skip("the commit of the earlier version is not in this clone");
  const { folder, memoryApi, lightrag } = await morning(5);
  const before = (...args: string[]) => run(earlier.command, folder, ...args);
  const after = (...args: string[]) => run(current.command, folder, ...args);
  const outcome = async ({ out }: { out: string }) => JSON.parse(out);

  // What the earlier version wrote and did: its own `init` with addresses and keys put in, a run, a key to its API.
  expect(await before("init")).toMatchObject({ code: 0 });
  fillIn(join(folder, "config.yaml"), {
    "http://localhost:9621": lightrag.url,
    "http://127.0.0.1:8080": memoryApi.url,
    "context_id: CTX123": "context_id: CTX",
    '#api_key: "${LIGHTRAG_API_KEY}"': 'api_key: "${LIGHTRAG_API_KEY}"',
    '#api_key: "${MEMORY_API_KEY}"': 'api_key: "${MEMORY_API_KEY}"',
  });
  const keys = `MEMORY_API_KEY=${memoryApi.key}\nLIGHTRAG_API_KEY=key-of-lightrag\n`;
  writeFileSync(join(folder, ".env"), keys, { mode: 0o600 });
  expect(await before("sync")).toMatchObject({ code: 0 });
  const { id } = await outcome(await before("keys", "create", "--name", "ops", "--role", "admin", "--json"));
  const sent = lightrag.documents().map((document) => document.id);
  expect(sent).toHaveLength(5);

  // The new one on the same folder.
  expect(await after("validate")).toMatchObject({ code: 0, out: expect.stringContaining("0 warnings") });
  expect(await after("doctor")).toMatchObject({ code: 0 });
  expect(await outcome(await after("plan", "--json"))).toMatchObject({ plans: [{ documents: 0 }] });
  memoryApi.put("CTX", { ...makeApiMemories(1, Date.now())[0], id: "late" } as ApiMemory);
  expect(await after("sync")).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
  expect(lightrag.documents().map((document) => document.id)).toEqual(expect.arrayContaining(sent));
  expect(lightrag.documents()).toHaveLength(6);
  expect(await outcome(await after("keys", "list", "--json"))).toMatchObject({ keys: [{ id }] });
  expect((await outcome(await after("history", "--json"))).runs).toHaveLength(2);
  expect(await after("audit", "verify")).toMatchObject({ code: 0 });

  // Back again: refused before anything is read or sent, and the state is as it was.
  for (const command of ["status", "sync", "serve"]) {
    const refused = await before(command);
    expect(refused).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/^STATE_TOO_NEW: [^\n]+\n$/u),
    });
  }
  expect(await after("sync")).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
});

function fillIn(path: string, changes: Record<string, string>): void {
  const text = Object.entries(changes).reduce(
    (before, [was, is]) => {
      if (!before.includes(was)) throw new Error(`${path} does not hold ${was}`);
      return before.replace(was, is);
    },
    readFileSync(path, "utf8"),
  );
  writeFileSync(path, text);
}
