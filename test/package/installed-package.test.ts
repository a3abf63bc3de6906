import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { expect, inject, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { startCollector } from "../support/otlp-collector.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { run, supervise } from "./support/installed-command.ts";

const { current } = inject("packages");

test("the installed package does what its own help promises, with nothing beside it", async () => {
  const folder = temporaryFolder();
  const here = (...args: string[]) => run(current.command, folder, ...args);
  const { version } = JSON.parse(readFileSync(join(current.folder, "package.json"), "utf8"));
  expect(await here("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  expect(await here()).toMatchObject({ code: 0, out: expect.stringContaining("dead-letters"), err: "" });
  expect(await here("init", "--yes")).toMatchObject({ code: 0 });
  expect(await here("validate")).toMatchObject({ code: 0, out: expect.stringContaining("is valid") });
  expect(await here("list", "--json")).toMatchObject({ code: 0, out: expect.stringContaining("connectors") });
  expect(await here("demo")).toMatchObject({ code: 0, out: expect.stringContaining("proved processed") });
});

test("the pages and files that its messages point to are in it", () => {
  const wanted = ["docs/errors.md", "docs/cli.md", "deploy/memory-connector.service", "config.schema.json"];
  expect(wanted.filter((path) => !existsSync(join(current.folder, path)))).toEqual([]);
});

test("it takes less than 60 MB with all that it needs, as du counts them", () => {
  const { stdout } = spawnSync("du", ["-sk", dirname(current.folder)], { encoding: "utf8" });
  expect(Number.parseInt(stdout, 10)).toBeLessThan(60_000);
});

test("whatever else it asks for while it runs is installed with it", () => {
  const dist = join(current.folder, "dist");
  const here = createRequire(join(dist, "main.js"));
  const asked = /\b(?:(?:__)?require|resolve|import|from)\s*\(?["'`]([@a-z][\w@/.-]*)["'`]/gu;
  const chunks = readdirSync(dist).filter((name) => name.endsWith(".js"));
  const names = chunks.flatMap((name) =>
    [...readFileSync(join(dist, name), "utf8").matchAll(asked)].map(([, id = ""]) => id),
  );
  const missing = [...new Set(names)].filter((id) => !isBuiltin(id) && !canResolve(here, id));
  // The first two are node-postgres' for other platforms; the last stands in the text of an error.
  expect(missing.toSorted()).toEqual(["pg-cloudflare", "pg-native", "zod/v4"]);
});

test("a memory's town, country and language are in what it brings, and its town is found by any of its names", async () => {
  const folder = temporaryFolder();
  const transcript = "Nina war heute mit Tomas am Hafen. Die Gaivota bekommt einen neuen Mast.";
  const location = { lat: 38.7071, lon: -9.1355 };
  const memories = [{ id: "one", created_at: "2026-03-01T08:15:00Z", transcript, location }];
  const config = {
    lightrag: { mode: "direct", direct: { working_dir: "./lightrag" } },
    connectors: [
      {
        id: "one",
        context_id: "CTX",
        source: { type: "in_memory", memories },
        transform: { strategy: "rich", geocoding: true },
      },
    ],
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  expect(await run(current.command, folder, "sync")).toMatchObject({ code: 0 });
  const { out } = await run(current.command, folder, "memories", "--near", "Lissabon");
  expect(out).toMatch(/\bone\b.*Lisbon.*Portugal/u);
});

test("it names the packages whose code is inside, with the text of their licences", () => {
  const read = (name: string) => readFileSync(join(current.folder, "dist", name), "utf8");
  const parties: { name: string; version: string }[] = JSON.parse(read("third-parties.json"));
  const licences = read("third-party-licences.txt");
  expect(parties.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["zod", "gpt-tokenizer", "compromise"]),
  );
  for (const { name, version } of parties) expect(licences).toContain(`${name} ${version} (`);
});

test("its traces and metrics reach a collector", async () => {
  const folder = temporaryFolder();
  const collector = await startCollector();
  const memories = [{ id: "one", created_at: "2026-03-01T08:15:00Z", transcript: "Ines dives with Hugo." }];
  const config = {
    lightrag: { mode: "direct", direct: { working_dir: "./lightrag" } },
    connectors: [{ id: "one", context_id: "CTX", source: { type: "in_memory", memories } }],
    monitoring: { otel: collector.url },
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  expect(await run(current.command, folder, "sync")).toMatchObject({
    code: 0,
    err: expect.not.stringContaining("collector"),
  });
  expect(collector.spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["run", "discover", "deliver"]),
  );
  expect(collector.metrics.map(({ name }) => name)).toContain("memory_connector_syncs_total");
});

test("the driver of PostgreSQL is in it: a server that is not there is tried", async () => {
  const folder = temporaryFolder();
  const config = {
    connectors: [{ id: "one", context_id: "CTX", source: { type: "in_memory", memories: [] } }],
    state: { url: "postgres://nobody@127.0.0.1:1/memories" },
  };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(config));
  const { err } = await run(current.command, folder, "status");
  expect(err).toMatch(/^STATE_READ_FAILED: .*ECONNREFUSED 127\.0\.0\.1:1 · see that the PostgreSQL server/u);
});

test("its service, which is made of most of the dependencies, starts, describes itself and ends with 0", async () => {
  const folder = temporaryFolder();
  await run(current.command, folder, "init", "--yes");
  const service = supervise(current.command, folder, "--port", "0", "--api-only");
  const api = await service.ready(1);
  const { body } = await callApi(api, "GET", "/openapi.json");
  expect(Object.keys(body.paths)).toContain("/connectors/{id}");
  expect(await service.stop()).toBe(0);
});

test("an older Node of this machine, if there is one, says in one line that it is too old", ({ skip }) => {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((each) => !each.includes("node_modules"));
  const older = folders.map((each) => join(each, "node")).find(isOlder);
  if (older === undefined) return skip("no older Node is here to try");
  const { status, stderr } = spawnSync(older, [realpathSync(current.command), "status"], {
    encoding: "utf8",
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^NODE_TOO_OLD: [^\n]+\n$/u);
});

function canResolve(require: NodeJS.Require, id: string): boolean {
  try {
    return require.resolve(id) !== "";
  } catch {
    return false;
  }
}

function isOlder(node: string): boolean {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return Number.parseInt(stdout?.slice(1) ?? "", 10) < 24;
}
