import { once } from "node:events";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type CliAnswer, runCli } from "../support/cli.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { plainPng, silentMp3 } from "../support/media-samples.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { wordsOf } from "../support/parse-command-line.ts";
import { cliJson, eventually, startService } from "../support/service.ts";
import { docPages, typedLines } from "../support/shell-blocks.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** Each of them, as arguments: the examples name two connectors, and one is enough. */
const lines = [
  ...new Set(
    docPages
      .flatMap(typedLines)
      .map((line) => /^(?:npx )?(?:memory-connector|npm run (?:-s )?cli --) (.*)$/u.exec(line)?.[1] ?? "")
      .filter((words) => words !== "")
      .map((words) => words.replaceAll(/\bpersonal(?=\s|$)/gu, "personal-memories")),
  ),
].toSorted();

/**
 * These do not end by themselves, ask, or take long, and their samples are made by running them; or they ask for a backfill under way, or for a
 * database, which have tests of their own.
 */
const isApart = (line: string) => /^(?:serve|watch|init$|demo|backfill .*--cancel)|postgres:\/\//u.test(line);
const isForService = (line: string) => /^(?:trigger|pause|resume|cancel) /u.test(line);

/** What has to be so before a command can do what it is shown for. */
const before: readonly (readonly [RegExp, (folder: string) => Promise<unknown>])[] = [
  [/^erase --undo/u, (folder) => done("erase --memory m-123 --yes", folder)],
  [/^reconcile .*--last/u, (folder) => done("reconcile --connector-id personal-memories", folder)],
  [/^backup .* --force/u, (folder) => done("backup state-backup.db", folder)],
  [/^state migrate --from/u, (folder) => done("backup state-backup.db", folder)],
  [/^state migrate --to/u, changeToJson],
  [/^restore/u, (folder) => done("export memories.tar.gz", folder)],
  [
    /^restore memories.tar.gz$|^state migrate --to|^state migrate .* --to sqlite$/u,
    async (folder) => rmSync(join(folder, "memory_sync_state.db")),
  ],
  [/^init --yes/u, async (folder) => rmSync(join(folder, "config.yaml"))],
  [/^import /u, writeWhatIsImported],
  [/^push /u, writeWhatIsSent],
];

async function writeWhatIsImported(folder: string): Promise<void> {
  const chat = "01.03.26, 08:15 - Ben: The beans are up\n31.03.26, 09:00 - Ines: So are the peas\n";
  for (const name of ["WhatsApp Chat with Ben.txt", "_chat.txt"]) writeFileSync(join(folder, name), chat);
  writeFileSync(join(folder, "notes.csv"), "id;date;text\nn1;01.03.2026;Met Ada at the river\n");
  mkdirSync(join(folder, "vault"));
  writeFileSync(join(folder, "vault", "2026-03-01.md"), "The boat goes back into the water.\n");
}

async function writeWhatIsSent(folder: string): Promise<void> {
  const note = '{ "id": "n1", "created_at": "2026-03-01T08:15:00Z", "transcript": "Met Ada at the river" }';
  for (const name of ["notes.json", "notes.jsonl"]) writeFileSync(join(folder, name), `${note}\n`);
  const connector = "{ id: apps, context_id: APPS, source: { type: push } }";
  writeFileSync(join(folder, "config.yaml"), `lightrag: { mode: direct }\nconnectors: [${connector}]\n`);
}

async function changeToJson(folder: string): Promise<void> {
  await done("state migrate --to json", folder);
  appendFileSync(join(folder, "config.yaml"), "\nstate: { backend: json, path: ./memory_sync_state.json }\n");
}

let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare();
  return prepared.close;
});

test.each(lines.filter((line) => !isApart(line) && !isForService(line)))(
  "memory-connector %s does what it is shown for",
  async (line) => {
    const folder = prepared.folderFor(line);
    for (const [pattern, act] of before) if (pattern.test(line)) await act(folder);
    await done(line, folder);
  },
);

test("what is shown for a running service works with one", async () => {
  const folder = prepared.folderFor("trigger");
  const service = await startService(folder);
  prepared.memoryApi.faultFor = () => ({ kind: "silent" });
  const { key } = await cliJson(folder, "keys", "create", "--name", "me", "--role", "admin");
  const ask = (line: string) =>
    run(line.replace("http://192.0.2.7:9622", service.url("api")).replace(" KEY", ` ${key}`), folder);
  const ends = (line: string) => eventually(async () => (await ask(line)).code === 0);
  for (const line of lines.filter(isForService)) {
    if (line.startsWith("cancel")) await ends("trigger personal-memories");
    await ends(line);
    if (line.startsWith("trigger")) await ends("cancel personal-memories");
  }
  prepared.memoryApi.faultFor = () => undefined;
  await service.stop();
});

const encryption = { ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64") };

/** A command line of the pages, with what it names as an example in the place of this test's own. */
function run(line: string, cwd: string): Promise<CliAnswer> {
  const typed = Object.entries(prepared.names).reduce(
    (words, [example, real]) => words.replaceAll(example, real),
    line,
  );
  return runCli(wordsOf(typed), { cwd, env: encryption, confirm: async () => true });
}

/** As `run`; fails when the command does. Memories that cannot be delivered are there on purpose. */
async function done(line: string, cwd: string): Promise<void> {
  const { code, err } = await run(line, cwd);
  expect([0, /^(?:sync|resync|backfill)/u.test(line) ? 3 : 0], err).toContain(code);
}

interface Prepared {
  memoryApi: MemoryApiSimulator;
  names: Readonly<Record<string, string>>;
  /** A new folder in which a sync has been, an API key is and the audit log tells of it; with a graph, or with two dead letters. */
  folderFor: (line: string) => string;
  close: () => Promise<void>;
}

async function prepare(): Promise<Prepared> {
  const memoryApi = await MemoryApiSimulator.start();
  memoryApi.put(
    "CTX123",
    memory("m-1", "Ines dives with Hugo."),
    memory("m-123", "Hugo has a mask."),
    memory("m-124", "Gina has a mask."),
  );
  memoryApi.putMedium("CTX123", "m-123", "audio", "audio/mpeg", silentMp3());
  memoryApi.putMedium("CTX123", "m-123", "image", "image/png", plainPng());
  const lightrag = new LightRagSimulator({ generation: "1.5" });
  await lightrag.start();
  lightrag.model = { refuseText: "mask" };
  const receiver = createServer((_, response) => void response.writeHead(204).end()).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const channel = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const inApi = await syncedFolder(`{ api: { url: "${lightrag.url}" } }`, memoryApi, channel);
  const inDirect = await syncedFolder("{ mode: direct }", memoryApi, channel);
  const { keys } = await cliJson(inApi, "keys", "list");
  const { entries } = await cliJson(inApi, "audit", "list");
  return {
    memoryApi,
    names: {
      "1f3a9c00": keys[0].id,
      "NUMBER:HASH": `${entries[0].number}:${entries[0].hash}`,
      [`17:${"ab12".repeat(16)}`]: `${entries[0].number}:${entries[0].hash}`,
      "/etc/memory-connector/config.yaml": "config.yaml",
      "http://127.0.0.1:8080": memoryApi.url,
      "http://127.0.0.1:9621": lightrag.url,
      KEY: memoryApi.key,
    },
    folderFor: (line) => {
      const folder = temporaryFolder();
      cpSync(/^(?:query|graph|memory chunks)| --with-graph/u.test(line) ? inDirect : inApi, folder, {
        recursive: true,
      });
      return folder;
    },
    close: async () => {
      receiver.close();
      await lightrag.stop();
      await memoryApi.close();
      for (const folder of [inApi, inDirect]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function syncedFolder(
  lightrag: string,
  { url, key }: MemoryApiSimulator,
  channel: string,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-"));
  const config = `
memory_api: { url: "${url}", api_key: ${key} }
lightrag: ${lightrag}
monitoring: { private_addresses: [127.0.0.1], alerts: { channels: [{ id: ops, type: webhook, webhook_url: "${channel}" }] } }
connectors: [{ id: personal-memories, context_id: CTX123, retry: { max_attempts: 1 }, ingestion: { query_range: all } }]`;
  writeFileSync(join(folder, "config.yaml"), config, { mode: 0o600 });
  for (const words of [["sync"], ["keys", "create", "--name", "ops"]]) await runCli(words, { cwd: folder });
  return folder;
}

function memory(id: string, transcript: string) {
  return { id, type: "note", audio: false, image: false, transcript, created_at: "2025-09-02T09:00:00Z" };
}
