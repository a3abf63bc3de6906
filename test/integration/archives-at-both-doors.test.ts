import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { serveFolder } from "../support/api-server.ts";
import { runCli } from "../support/cli.ts";
import { adminKey, cliJson, makeWorld } from "../support/service.ts";

const secret = "a-secret-of-the-source";

/** A service with a connector of its own, its secret and a key; memories are delivered. Ends with the test. */
async function served() {
  const world = await makeWorld(3);
  world.configure(
    "connectors: [{ id: one, context_id: CTX, schedule: { type: manual }, ingestion: { query_range: all } }]",
  );
  expect(await runCli(["sync"], { cwd: world.folder })).toMatchObject({ code: 0 });
  const { app, server, service } = await serveFolder(world.folder, { schedules: true });
  onTestFinished(async () => {
    await server.close();
    await service.stop();
    await service.close();
    await app.close();
  });
  const ask = (method: string, path: string, body?: object, key?: string) =>
    callApi(server.url, method, path, { body, ...(key !== undefined && { key }) });
  const made = { id: "made", context_id: "CTX2", memory_api: { api_key: secret } };
  expect((await ask("POST", "/connectors", made)).status).toBe(201);
  const { key } = (await ask("POST", "/keys", { name: "grafana", role: "viewer" })).body;
  const download = async (body: object) => {
    const headers = { "x-api-key": adminKey, "content-type": "application/json" };
    const answer = await fetch(`${server.url}/api/v1/export`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  return { ...world, ask, download, url: server.url, viewer: key as string };
}

/** The lines of an archive but its head and its checksums, which name the moment. */
const linesOf = (archive: Buffer) =>
  gunzipSync(archive)
    .toString("latin1")
    .split("\n")
    .map((line) => line.slice(line.indexOf("{")))
    .filter((line) => line.startsWith('{"') && !/^\{"(format|files)"/u.test(line))
    // The log goes on between two exports.
    .filter((line) => !/"collection":"(audit|audit-head)"/u.test(line))
    .toSorted();

test("an archive that a service makes holds what one of the command line does, and is whole", async () => {
  const { folder, download } = await served();
  await cliJson(folder, "export", "typed.tar.gz");
  const { headers, bytes } = await download({ withKeys: true });
  expect(headers.get("content-type")).toBe("application/gzip");
  expect(headers.get("content-disposition")).toContain("memories.tar.gz");
  expect(headers.get("content-length")).toBe(String(bytes.length));
  expect(headers.get("archive-incomplete")).toBeNull();
  expect(linesOf(bytes)).toEqual(linesOf(readFileSync(join(folder, "typed.tar.gz"))));
  writeFileSync(join(folder, "asked.tar.gz"), bytes);
  const proved = await cliJson(folder, "restore", "asked.tar.gz", "--check");
  expect(proved).toMatchObject({ restored: false, connectors: ["made"], keys: [{ name: "grafana" }] });
  expect(readdirSync(folder).filter((name) => name.startsWith(".download-"))).toEqual([]);
});

test("keys and secrets leave a service only when they are asked for, and whoever asked is in the log", async () => {
  const { ask, download, folder, viewer } = await served();
  const { bytes } = await download({});
  const text = gunzipSync(bytes).toString("latin1");
  expect(text).toContain('"collection":"connector"');
  for (const held of [secret, '"collection":"api-key"']) expect(text).not.toContain(held);
  await cliJson(folder, "export", "bare.tar.gz", "--without-keys");
  expect(linesOf(readFileSync(join(folder, "bare.tar.gz")))).toEqual(linesOf(bytes));
  expect(gunzipSync((await download({ withKeys: true })).bytes).toString("latin1")).toContain(secret);
  expect(await ask("POST", "/export", {}, viewer)).toMatchObject({ status: 403 });
  for (const body of [{ file: "/etc/passwd" }, { force: true }])
    expect(await ask("POST", "/export", body)).toMatchObject({
      status: 400,
      body: { code: "API_REQUEST_INVALID" },
    });
  expect(await ask("POST", "/export", { connectorId: "none" })).toMatchObject({
    ...{ status: 404, body: { code: "CONNECTOR_UNKNOWN" } },
  });
  const { entries } = (await ask("GET", "/audit?action=state.export")).body;
  expect(entries.map(({ after }: { after: { withKeys: boolean } }) => after.withKeys)).toEqual([true, false]);
  expect(readdirSync(folder).filter((name) => name.startsWith(".download-"))).toEqual([]);
});

test("a backup that a service makes lies in the folder of backups, is a state, and nobody else may read it", async () => {
  const { ask, folder, viewer } = await served();
  const made = await ask("POST", "/backups");
  expect(made).toMatchObject({ status: 201, body: { bytes: expect.any(Number) } });
  const { file, bytes } = made.body;
  expect(file.startsWith(join(folder, "backups/"))).toBe(true);
  expect(statSync(file).size).toBe(bytes);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o077).toBe(0);
  expect((await cliJson(folder, "backup")).file).not.toBe(file);
  expect(readdirSync(join(folder, "backups"))).toHaveLength(2);
  for (const body of [{ file: "elsewhere.db" }, { force: true }])
    expect((await ask("POST", "/backups", body)).status).toBe(400);
  expect((await ask("POST", "/backups", undefined, viewer)).status).toBe(403);
  const settings = readFileSync(join(folder, "config.yaml"), "utf8");
  writeFileSync(join(folder, "config.yaml"), `${settings}\nstate: { path: "${file}" }\n`);
  expect((await cliJson(folder, "status")).connectors[0].memories.processed).toBe(3);
});

test("a running service restores nothing, whatever it is sent, and says what to type", async () => {
  const { ask, folder, url, viewer } = await served();
  for (const body of [undefined, { file: "a.tar.gz" }]) {
    const refused = await ask("POST", "/restore", body);
    expect(refused).toMatchObject({ status: 409, body: { code: "RESTORE_WHILE_SERVING" } });
    expect(refused.body.hint).toContain("memory-connector restore FILE --replace");
  }
  const headers = { "x-api-key": adminKey, "content-type": "application/gzip" };
  const sent = { method: "POST", headers, body: Buffer.alloc(1_000_000, 31) };
  const uploaded = await fetch(`${url}/api/v1/restore`, sent);
  expect(await uploaded.json()).toMatchObject({ status: 409, code: "RESTORE_WHILE_SERVING" });
  expect((await ask("POST", "/restore", undefined, viewer)).status).toBe(403);
  expect(existsSync(join(folder, "memory_sync_state.db"))).toBe(true);
});

test("a service is looked at over HTTP as by the command, by admins, and no secret is told", async () => {
  const { ask, folder, viewer } = await served();
  const told = await ask("GET", "/doctor?offline=true");
  expect(told).toMatchObject({ status: 200, body: { problems: 0 } });
  const areas = (found: { diagnoses: { area: string }[] }) => [
    ...new Set(found.diagnoses.map(({ area }) => area)),
  ];
  expect(areas(told.body)).toEqual(areas(await cliJson(folder, "doctor", "--offline")));
  const whole = await ask("GET", "/doctor");
  expect(areas(whole.body)).toEqual(expect.arrayContaining(["connection", "clock"]));
  for (const hidden of [secret, adminKey]) expect(JSON.stringify(whole.body)).not.toContain(hidden);
  expect((await ask("GET", "/doctor", undefined, viewer)).status).toBe(403);
});
