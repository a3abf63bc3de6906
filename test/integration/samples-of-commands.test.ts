import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { CliIo } from "../../src/cli/cli-io.ts";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { commandNames, expectSample, keptSamples } from "../support/command-samples.ts";
import { freePort } from "../support/front-server.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { silentMp3 } from "../support/media-samples.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { startReceiver } from "../support/webhook-receiver.ts";

/** In an order in which each command has something to show. */
const alone = [
  ["demo"],
  ["completion", "bash"],
  ["validate"],
  ["check"],
  ["plan"],
  ["sync"],
  ["resync", "--outdated", "--dry-run"],
  ["query", "Who dives with Ines?"],
  ["graph"],
  ["backfill", "--since", "2025-09-01"],
  ["memories"],
  ["memory", "document", "n-1"],
  ["memory", "chunks", "n-1"],
  ["memory", "history", "n-1"],
  ["memory", "media", "n-1", "walk.mp3"],
  ["timeline"],
  ["places"],
  ["errors"],
  ["dead-letters", "list"],
  ["dead-letters", "show", "n-3"],
  ["reconcile"],
  ["status"],
  ["list"],
  ["history"],
  ["keys", "create", "--name", "grafana"],
  ["keys", "list"],
  ["secrets", "status"],
  ["audit", "list"],
  ["audit", "verify"],
  ["alerts", "list"],
  ["alerts", "test", "ops"],
  ["export", "all.tar.gz"],
  ["restore", "all.tar.gz", "--check"],
  ["backup", "copy.db"],
  ["doctor"],
];
const ofKeys = [
  ["keys", "rotate"],
  ["keys", "revoke"],
];
const besideTheService = [
  ["pause", "notes"],
  ["resume", "notes"],
  ["trigger", "notes"],
];
const afterIt = [
  ["secrets", "generate-key"],
  ["secrets", "rotate"],
  ["dead-letters", "drop", "--ids", "n-3"],
  ["erase", "--memory", "n-2"],
  ["reset", "notes"],
  ["state", "migrate", "--to", "json"],
];

test("the samples in the documentation are what the commands print", async () => {
  const { folder, memoryApi, print, keep, port } = await world();
  for (const args of alone) await print(args);
  for (const args of ofKeys) await print([...args, (await cliJson(folder, "keys", "list")).keys[0].id]);

  keep(["mcp"], await askByMcp(folder, "status"));

  const service = await startService(folder, "--port", String(port));
  keep(["serve"], service.said());
  await eventually(async () => {
    const [{ trigger, endedAt }] = (await cliJson(folder, "history")).runs;
    return trigger === "schedule" && endedAt !== null;
  });
  // The record of a run is saved before its end is told, which `watch` would hear.
  await eventually(async () => (await cliJson(folder, "status")).connectors[0].activeRun === null);
  const watch = await startToWatch(folder);
  memoryApi.faultFor = () => ({ kind: "silent" });
  for (const args of besideTheService) await print(args);
  await eventually(() => watch.shown().includes("phase=discover"));
  await print(["cancel", "notes"]);
  await eventually(() => watch.shown().includes("run:end"));
  keep(["watch"], await watch.end());
  await makeSecretConnector(service.url("api"), folder, memoryApi.url);
  await service.stop();

  const env = { ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64") };
  for (const args of afterIt) await print(args, { env });
});

test("the sample of an import is what it prints", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "notes.csv"), "id,date,text\n1,2025-09-02,Ines leads the seagrass survey\n");
  const words = ["import", "notes.csv"];
  expectSample(words, (await runCli([...words, "--timezone", "UTC"], { cwd: folder })).out);
});

test("the sample of a push is what it prints", async () => {
  const folder = temporaryFolder();
  const text = "Ines leads the seagrass survey";
  const created_at = "2025-09-02T09:00:00Z";
  writeFileSync(
    join(folder, "notes.json"),
    JSON.stringify([{ id: "n-1", created_at, transcript: text }, { id: "n-2" }]),
  );
  const connector = "{ id: apps, context_id: APPS, source: { type: push } }";
  writeFileSync(join(folder, "config.yaml"), `lightrag: { mode: direct }\nconnectors: [${connector}]\n`);
  const words = ["push", "apps", "notes.json"];
  expectSample(words, (await runCli(words, { cwd: folder })).out);
});

test("the sample of a replay is what it prints", async () => {
  const { folder, lightrag, memoryApi, configure } = await makeWorld(0);
  memoryApi.put("CTX", memory("m-123", "Ines leads the seagrass survey.", "2025-09-02T09:00:00Z"));
  configure("connectors: [{ id: notes, context_id: CTX, retry: { max_attempts: 1 } }]");
  lightrag.model = { refuseText: "seagrass" };
  await runCli(["sync"], { cwd: folder });
  const replay = ["dead-letters", "replay", "--ids", "m-123"];
  expectSample(replay, (await runCli(replay, { cwd: folder })).out);
});

test("the sample of the first questions is what a person is asked", async () => {
  const folder = temporaryFolder();
  const memoryApi = await startMemoryApi();
  const lightrag = new LightRagSimulator({ generation: "1.5" });
  await lightrag.start();
  onTestFinished(() => lightrag.stop());
  const answers = ["", memoryApi.url, memoryApi.key, "CTX123", "", lightrag.url, ""];
  let shown = "";
  const show = (text: string) => {
    shown += text;
  };
  const ask = async (question: string, { secret = false } = {}) => {
    const answer = answers.shift() ?? "";
    show(`${question}${secret ? "" : answer}\n`);
    return answer;
  };
  const openDialogue = () => ({ ask, close: () => undefined });
  await runCli(["init"], { cwd: folder, writeOut: show, writeErr: show, openDialogue });
  const addresses = { [memoryApi.url]: "http://127.0.0.1:8080", [lightrag.url]: "http://localhost:9621" };
  expectSample(["init"], settled(shown, { [folder]: "/home/me", ...addresses }));
});

test("every command has a sample in the documentation, and no other has", () => {
  expect(keptSamples().toSorted()).toEqual(commandNames().toSorted());
});

/** A folder with a configuration, whose Memory API shows two memories and one that is none. */
async function world() {
  const folder = temporaryFolder();
  const memoryApi = await startMemoryApi();
  memoryApi.putMedium("CTX123", "n-1", "audio", "audio/mpeg", silentMp3());
  const receiver = await startReceiver();
  const port = await freePort();
  const config = `
memory_api: { url: "${memoryApi.url}", api_key: ${memoryApi.key} }
lightrag: { mode: direct, direct: { working_dir: ./lightrag } }
api: { port: ${port} }
logging: { console: { enabled: false } }
monitoring:
  private_addresses: [127.0.0.1]
  alerts: { enabled: true, alert_on: [{ dead_letters_over: 0 }], channels: [{ id: ops, type: webhook, webhook_url: "${receiver.url}" }] }
connectors: [{ id: notes, context_id: CTX123, ingestion: { query_range: all }, schedule: { type: interval, interval_hours: 1 } }]`;
  writeFileSync(join(folder, "config.yaml"), config);
  chmodSync(join(folder, "config.yaml"), 0o600);
  const usual = { [folder]: "/home/me", [memoryApi.url]: "http://127.0.0.1:8080" };
  const names = {
    ...usual,
    [`127.0.0.1:${port}`]: "127.0.0.1:9622",
    [new URL(receiver.url).host]: "ops.example.org",
  };
  const keep = (args: readonly string[], text: string) => expectSample(args, settled(text, names));
  const print = async (args: readonly string[], change: Partial<CliIo> = {}) => {
    const { out, err } = await runCli(args, { cwd: folder, confirm: async () => true, ...change });
    keep(args, out === "" ? err : out);
  };
  return { folder, memoryApi, port, keep, print };
}

async function startMemoryApi(): Promise<MemoryApiSimulator> {
  const memoryApi = await MemoryApiSimulator.start();
  onTestFinished(() => memoryApi.close());
  memoryApi.put(
    "CTX123",
    memory("n-1", "Ines leads the seagrass survey in Troia.", "2025-09-02T09:00:00Z"),
    memory("n-2", "Hugo dives with Ines.", "2025-09-03T09:00:00Z"),
    memory("n-3", "Hugo has a new mask.", "yesterday"),
  );
  return memoryApi;
}

function settled(text: string, names: Readonly<Record<string, string>>): string {
  return Object.entries(names).reduce((shown, [name, usual]) => shown.replaceAll(name, usual), text);
}

/** What `mcp` answers to the call of a tool, whose client then closes its end. */
async function askByMcp(cwd: string, name: string): Promise<string> {
  const stdin = new PassThrough();
  let shown = "";
  stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name } })}\n`);
  await runCli(["mcp"], {
    cwd,
    stdin,
    writeOut: (text) => {
      shown += text;
      stdin.end();
    },
  });
  return shown;
}

/** `watch`, until it is ended as by Ctrl-C; resolves to what it showed. */
async function startToWatch(cwd: string) {
  const end = new AbortController();
  let shown = "";
  const show = (text: string) => {
    shown += text;
  };
  const watching = runCli(["watch"], { cwd, writeOut: show, writeErr: show, signal: end.signal });
  await eventually(() => shown.includes("until Ctrl-C"));
  return {
    shown: () => shown,
    end: async () => {
      end.abort();
      await watching;
      return shown;
    },
  };
}

/** So that there is a secret in the state store. */
async function makeSecretConnector(api: string, folder: string, url: string): Promise<void> {
  const { key } = await cliJson(folder, "keys", "create", "--name", "me", "--role", "admin");
  const body = {
    id: "other",
    context_id: "CTX9",
    enabled: false,
    memory_api: { url, api_key: "of another" },
  };
  expect((await callApi(api, "POST", "/connectors", { key, body })).status).toBe(201);
}

function memory(id: string, transcript: string, createdAt: string) {
  const place = { location_lat: 38.5244, location_lon: -8.8882 };
  return { id, type: "note", audio: false, image: false, transcript, ...place, created_at: createdAt };
}
