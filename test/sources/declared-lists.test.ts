import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { presets } from "../../src/sources/http-json/presets.ts";
import { freePort } from "../support/front-server.ts";
import { jsonListSource, pagesOf } from "../support/json-list-server.ts";
import { npmProgram } from "../support/npm-program.ts";
import { findPython, pythonWith } from "../support/python-environment.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** Resolves once the server answers at all; ends it with the test. */
async function answering(child: ChildProcess, url: string): Promise<void> {
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill();
    await ended;
  });
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await delay(100);
  }
  throw new Error(`${url} does not answer`);
}

const idsOf = (pages: Awaited<ReturnType<typeof pagesOf>>) =>
  pages.flatMap(({ memories }) => memories.map(({ id }) => id)).toSorted();

test("mcp-memory-service is read by its preset: pages, tags, places, and what searches change", async ({
  skip,
}) => {
  const program = await memoryService();
  if (program === null) return skip("no Python with extensions of SQLite, or no registry of packages");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program.python, [program.script, "server", "--http"], {
    stdio: "ignore",
    env: {
      ...process.env,
      PYTHONPATH: program.packages,
      MCP_MEMORY_STORAGE_BACKEND: "sqlite_vec",
      MCP_MEMORY_BASE_DIR: temporaryFolder(),
      MCP_HTTP_HOST: "127.0.0.1",
      MCP_HTTP_PORT: String(port),
      MCP_API_KEY: "right-key",
      MCP_MEMORY_ALLOW_HASH_EMBEDDINGS: "1",
      MCP_MEMORY_OFFLINE: "1",
      MCP_MEMORY_USE_ONNX: "0",
      MCP_MDNS_ENABLED: "false",
      MCP_CONSOLIDATION_ENABLED: "false",
      MCP_QUALITY_SYSTEM_ENABLED: "false",
    },
  });
  await answering(child, `${url}/api/health`);
  const call = (method: string, path: string, body?: object) =>
    fetch(`${url}${path}`, {
      method,
      headers: { "x-api-key": "right-key", "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  for (let n = 0; n < 130; n++)
    await call("POST", "/api/memories", {
      content: `Met Ada at the river, time ${n} 🍏`,
      tags: ["garden", "b"],
      memory_type: "observation",
      metadata: { lat: 50.7, lon: 7.1 },
    });
  const source = jsonListSource(url, presets.mcp_memory_service);
  const first = await pagesOf(source);
  expect(idsOf(first)).toHaveLength(130);
  expect(first.at(-1)?.truncated).toBeNull();
  const memory = first
    .flatMap(({ memories }) => memories)
    .find(({ transcript }) => transcript.includes("time 7 "));
  expect(memory).toMatchObject({
    type: "observation",
    tags: ["b", "garden"],
    location: { lat: 50.7, lon: 7.1 },
  });
  expect(Math.abs(Date.parse(memory?.createdAt ?? "") - Date.now())).toBeLessThan(600_000);
  await call("POST", "/api/search", { query: "river", n_results: 5 });
  expect(await pagesOf(source)).toEqual(first);
  await call("DELETE", `/api/memories/${memory?.id}`);
  const after = await pagesOf(source);
  expect([idsOf(after).length, after.at(-1)?.truncated]).toEqual([129, null]);
  await expect(
    pagesOf(jsonListSource(url, presets.mcp_memory_service, { apiKey: "wrong" })),
  ).rejects.toMatchObject({
    code: "SOURCE_UNAUTHORIZED",
  });
});

/** A Python that loads extensions of SQLite, with the packages of the service; null where there is none. */
async function memoryService() {
  if (findPython() === null) return null;
  const python = await pythonWith(
    "mcp-memory-service-12.4.0",
    "mcp-memory-service-lite==12.4.0 aiosqlite==0.21.0",
  ).catch(() => null);
  if (python === null) return null;
  const packages = pythonSays(python, "import sysconfig; print(sysconfig.get_path('purelib'))");
  const version = pythonSays(python, "import sys; print('%d.%d' % sys.version_info[:2])");
  const loads = "import sqlite3; print(hasattr(sqlite3.connect(':memory:'), 'enable_load_extension'))";
  const able = [python, `/usr/bin/python${version}`].find((each) => pythonSays(each, loads) === "True");
  return able === undefined ? null : { python: able, packages, script: join(python, "..", "memory") };
}

function pythonSays(python: string, program: string): string {
  try {
    return execFileSync(python, ["-c", program], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}

test("TiddlyWiki is read by its preset: everything in one answer, titles of any kind, tags in one text", async ({
  skip,
}) => {
  const program = await npmProgram("tiddlywiki", "5.4.1");
  if (program === null) return skip("the registry of packages cannot be asked");
  const folder = join(temporaryFolder(), "wiki");
  execFileSync(process.execPath, [program, folder, "--init", "server"], { stdio: "ignore" });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () =>
    spawn(
      process.execPath,
      [program, folder, "--listen", "host=127.0.0.1", `port=${port}`, "username=ada", "password=right"],
      {
        stdio: "ignore",
      },
    );
  await answering(start(), `${url}/status`);
  const authorization = `Basic ${Buffer.from("ada:right").toString("base64")}`;
  const call = (method: string, path: string, body?: object) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization, "x-requested-with": "TiddlyWiki", "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  const put = (title: string, more: object = {}) =>
    call("PUT", `/recipes/default/tiddlers/${encodeURIComponent(title)}`, {
      title,
      text: `says ${title}`,
      created: "20260301081500123",
      modified: "20260301081500123",
      type: "text/vnd.tiddlywiki",
      ...more,
    });
  for (let n = 0; n < 40; n++) await put(`note ${n}`);
  await put("a/b ä 🍏", { tags: "voice [[two words]]", fields: { lat: "48.1", lon: "11.5" } });
  await put("picture", { type: "image/png", text: "aGVsbG8=" });
  await put("$:/own", { text: "a setting" });
  const source = jsonListSource(url, presets.tiddlywiki, { apiKey: "ada:right" });
  const first = await pagesOf(source);
  expect(idsOf(first)).toHaveLength(41);
  expect(first.at(-1)?.truncated).toBeNull();
  const memory = first.flatMap(({ memories }) => memories).find(({ id }) => id === "a/b ä 🍏");
  expect(memory).toMatchObject({
    transcript: "says a/b ä 🍏",
    title: "a/b ä 🍏",
    tags: ["two words", "voice"],
    location: { lat: 48.1, lon: 11.5 },
    createdAt: "2026-03-01T08:15:00.123Z",
  });
  // The number of a revision rises with each writing.
  await put("note 1");
  expect(await pagesOf(source)).toEqual(first);
  await call("DELETE", `/bags/default/tiddlers/${encodeURIComponent("note 2")}`);
  await put("note 3", { text: "says more", modified: "20260302081500123" });
  const after = await pagesOf(source);
  expect(idsOf(after)).toHaveLength(40);
  expect(after.flatMap(({ memories }) => memories).find(({ id }) => id === "note 3")?.transcript).toBe(
    "says more",
  );
  await expect(
    pagesOf(jsonListSource(url, presets.tiddlywiki, { apiKey: "ada:wrong" })),
  ).rejects.toMatchObject({
    code: "SOURCE_UNAUTHORIZED",
  });
});
