import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { startService } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** Where the page of the command line takes them from; with UPDATE_SAMPLES=1 this test writes them. */
const samples = join(import.meta.dirname, "../../scripts/docs/samples");

/** In an order in which each command has something to show. */
const alone = [
  ["validate"],
  ["check"],
  ["plan"],
  ["sync"],
  ["query", "Who dives with Ines?"],
  ["graph"],
  ["backfill", "--since", "2025-09-01"],
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
  ["export", "all.tar.gz"],
  ["restore", "all.tar.gz", "--check"],
  ["backup", "copy.db"],
  ["doctor"],
];
const besideTheService = [
  ["pause", "notes"],
  ["resume", "notes"],
];
const afterIt = [
  ["erase", "--memory", "n-2"],
  ["reset", "notes"],
  ["state", "migrate", "--to", "json"],
];

test("the samples in the documentation are what the commands print", async () => {
  const { folder, url, port } = await world();
  const settled = (text: string) =>
    text
      .replaceAll(folder, "/home/me")
      .replaceAll(url, "http://127.0.0.1:8080")
      .replaceAll(`127.0.0.1:${port}`, "127.0.0.1:9622");
  const print = async (args: string[]) => {
    const { out, err } = await runCli(args, { cwd: folder, confirm: async () => true });
    keep(args, settled(out === "" ? err : out));
  };
  for (const args of alone) await print(args);
  const service = await startService(folder, "--port", String(port));
  keep(["serve"], settled(service.said()));
  for (const args of besideTheService) await print(args);
  await service.stop();
  for (const args of afterIt) await print(args);
});

/** The Memory API shows two memories and one that is none. */
async function world() {
  const folder = temporaryFolder();
  const memoryApi = await MemoryApiSimulator.start();
  onTestFinished(() => memoryApi.close());
  memoryApi.put(
    "CTX123",
    memory("n-1", "Ines leads the seagrass survey in Troia.", "2025-09-02T09:00:00Z"),
    memory("n-2", "Hugo dives with Ines.", "2025-09-03T09:00:00Z"),
    memory("n-3", "Hugo has a new mask.", "yesterday"),
  );
  const port = await freePort();
  const config = `
memory_api: { url: "${memoryApi.url}", api_key: ${memoryApi.key} }
lightrag: { mode: direct, direct: { working_dir: ./lightrag } }
api: { port: ${port} }
logging: { console: { enabled: false } }
connectors: [{ id: notes, context_id: CTX123, ingestion: { query_range: all }, schedule: { type: interval, interval_hours: 1 } }]`;
  writeFileSync(join(folder, "config.yaml"), config);
  chmodSync(join(folder, "config.yaml"), 0o600);
  return { folder, url: memoryApi.url, port };
}

/** A port that was free a moment ago: the commands find the service at the one that the configuration names. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function memory(id: string, transcript: string, createdAt: string) {
  const place = { location_lat: 38.5244, location_lon: -8.8882 };
  return { id, type: "note", audio: false, image: false, transcript, ...place, created_at: createdAt };
}

/** Compares with the sample that is kept, but for what moves, and keeps it where that is asked for. */
function keep(args: string[], text: string): void {
  const name = args.filter((word) => /^[a-z-]+$/u.test(word) && word !== "notes").slice(0, 2);
  const path = join(samples, `${(isGroup(name[0]) ? name : name.slice(0, 1)).join(" ")}.txt`);
  const typed = args.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
  const printed = `$ memory-connector ${typed}\n${text.trimEnd()}\n`.replaceAll(/mck_[\w-]+/gu, "mck_…");
  const kept = existsSync(path) ? readFileSync(path, "utf8") : "";
  expect(printed).not.toMatch(
    /(?<![\d.,:-])1 (?:memories|documents|entities|relations|runs|connectors|warnings|times|letters)\b/u,
  );
  if (withoutWhatMoves(kept) === withoutWhatMoves(printed)) return;
  if (process.env.UPDATE_SAMPLES === undefined)
    expect(withoutWhatMoves(printed)).toBe(withoutWhatMoves(kept));
  mkdirSync(samples, { recursive: true });
  writeFileSync(path, printed);
}

const isGroup = (name = "") => ["dead-letters", "keys", "secrets", "audit", "alerts", "state"].includes(name);

/** Times, durations, sizes, versions, ids that are made anew, who runs it, and with their widths the blanks of tables. */
function withoutWhatMoves(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, "<time>")
    .replaceAll(/\d{8}T\d{6}-[0-9a-f]+|\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\b[a-f]{8}\b/gu, "<id>")
    .replaceAll(/<?\d[\d.,]* (?:ms|s|min|h|d)\b(?: \d+ (?:s|min|h)\b)?/gu, "<span>")
    .replaceAll(/\d[\d.,]* [kMGT]?B\b/gu, "<size>")
    .replaceAll(/(?<![\d.])\d+\.\d+\.\d+(?![\d.])/gu, "<version>")
    .replaceAll(/cli \S+ +\S+/gu, "<who>")
    .replaceAll(/127\.0\.0\.1:\d+/gu, "<address>")
    .replaceAll(/ +/gu, " ");
}
