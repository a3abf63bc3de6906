import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";

test("commands act on a running service, and say so plainly when none runs", async () => {
  const { folder, lightrag, configure } = await makeWorld(3);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const service = await startService(folder);
  const url = service.url("api");
  const run = (...args: string[]) => runCli([...args, "--url", url], { cwd: folder });
  expect((await run("trigger", "one")).out).toContain("has been handed out");
  await eventually(() => lightrag.documents().length === 3);
  expect((await run("pause", "one")).out).toBe('"one" is paused.\n');
  expect((await run("resume", "one")).out).toContain('"one" is resumed');
  await eventually(async () => (await callApi(url, "GET", "/connectors/one/status")).body.activeRun === null);
  expect(await run("cancel", "one")).toMatchObject({
    code: 2,
    err: expect.stringContaining("RUN_NOT_ACTIVE"),
  });
  expect(await run("pause", "two")).toMatchObject({
    code: 2,
    err: expect.stringContaining("CONNECTOR_UNKNOWN"),
  });
  expect(await run("pause", "one", "--key", "wrong")).toMatchObject({
    code: 2,
    err: expect.stringContaining("API_KEY_REFUSED"),
  });
  await service.stop();
  expect(await run("trigger", "one")).toMatchObject({
    code: 1,
    err: expect.stringContaining(`no service answers at ${url}`),
  });
});

test("keys are made, rotated and revoked beside a running service, which heeds them at once", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []");
  const service = await startService(folder);
  const keys = async (...args: string[]) =>
    JSON.parse((await runCli(["keys", ...args, "--json"], { cwd: folder })).out);
  const status = async (key: string) => (await callApi(service.url("api"), "GET", "/runs", { key })).status;
  const first = await keys("create", "--name", "ops", "--role", "admin");
  expect(await status(first.key)).toBe(200);
  const second = await keys("rotate", first.id, "--grace-hours", "1");
  expect([await status(first.key), await status(second.key)]).toEqual([200, 200]);
  await keys("revoke", first.id);
  expect([await status(first.key), await status(second.key), await status(adminKey)]).toEqual([
    401, 200, 200,
  ]);
  const { keys: listed } = await keys("list");
  expect(listed.map(({ name, role }: { name: string; role: string }) => [name, role])).toEqual([
    ["ops", "admin"],
    ["ops", "admin"],
  ]);
  expect(JSON.stringify(listed)).not.toContain(second.key);
  await service.stop();
  expect(service.said()).not.toContain(adminKey);
});

test("watch says why the service has ended it", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const service = await startService(folder);
  let err = "";
  const watching = runCli(["watch", "--url", service.url("api")], {
    cwd: folder,
    writeErr: (text) => {
      err += text;
    },
  });
  await eventually(() => err.includes("watching "));
  await service.stop();
  expect(await watching).toMatchObject({ code: 0, out: expect.stringMatching(/dropped .* service/u) });
  expect(err).not.toContain("INTERNAL");
});

test("watch shows runs as they happen", async () => {
  const { folder, configure } = await makeWorld(2);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const service = await startService(folder);
  const url = service.url("api");
  const ctrlC = new AbortController();
  let out = "";
  let err = "";
  const watching = runCli(["watch", "--url", url], {
    cwd: folder,
    signal: ctrlC.signal,
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  await eventually(() => err.includes("watching "));
  await eventually(async () => {
    await callApi(url, "POST", "/connectors/one/trigger");
    return /run:end +one .*outcome=success/u.test(out);
  });
  ctrlC.abort();
  expect((await watching).code).toBe(0);
  expect(out).toMatch(/run:start +one {2}runId=\S+/u);
  await service.stop();
});
