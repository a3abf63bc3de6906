import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { cliJson, makeWorld, startService } from "../support/service.ts";

const state = "memory_sync_state.db";

/** A configuration without `api.api_key`: nobody has made a key yet. */
async function keylessWorld() {
  const world = await makeWorld(1);
  const { folder, memoryApi, lightrag } = world;
  const yaml = `memory_api: { url: "${memoryApi.url}", api_key: ${memoryApi.key} }
lightrag: { api: { url: "${lightrag.url}" } }
connectors: [{ id: one, context_id: CTX }]`;
  writeFileSync(join(folder, "config.yaml"), yaml);
  return world;
}

test("a service without a key says so, with what to type; what it says works, and then it says nothing", async () => {
  const { folder } = await keylessWorld();
  const service = await startService(folder);
  const line = /^keys +.*`memory-connector ([^`]+)`$/mu.exec(service.said());
  const answer = await runCli((line?.[1] ?? "").replace("NAME", "me").split(" "), { cwd: folder });
  expect(answer).toMatchObject({ code: 0, out: expect.stringMatching(/^mck_\S+\n$/u) });
  const headers = { "x-api-key": answer.out.trim() };
  expect((await fetch(`${service.url("api")}/connectors`, { headers })).status).toBe(200);
  await service.stop();
  const again = await startService(folder);
  expect(again.said()).not.toMatch(/^keys/mu);
  await again.stop();
});

test("a command on the state of a running service finds it and needs no key; nobody else gets in", async () => {
  const { folder } = await keylessWorld();
  const service = await startService(folder);
  const url = service.url("api");
  expect(await runCli(["pause", "one"], { cwd: folder })).toMatchObject({ code: 0, err: "" });
  expect((await runCli(["status"], { cwd: folder })).out).not.toMatch(/show a key/u);
  expect((await fetch(`${url}/connectors`)).status).toBe(401);
  const { out } = await runCli(["audit", "list", "--json"], { cwd: folder });
  expect(JSON.parse(out).entries).toContainEqual(
    expect.objectContaining({ actor: { kind: "api-key", id: "local", name: "command line" } }),
  );
  const name = readdirSync(folder).find((each) => each.startsWith(`${state}.service-`)) ?? "";
  const door = join(folder, name);
  expect(statSync(door).mode & 0o777).toBe(0o600);
  const { key } = JSON.parse(readFileSync(door, "utf8"));
  await service.stop();
  expect(existsSync(door)).toBe(false);
  const next = await startService(folder);
  const headers = { "x-api-key": key };
  expect((await fetch(`${next.url("api")}/connectors`, { headers })).status).toBe(401);
  await next.stop();
});

test("of two services on one state, commands find the one that is alive when the newest has died", async () => {
  const { folder } = await keylessWorld();
  const first = await startService(folder);
  const second = await startService(folder, "--api-only");
  const found = async () => (await cliJson(folder, "status")).service.url;
  expect(await found()).toBe(second.url("api"));
  second.child.kill("SIGKILL");
  await once(second.child, "exit");
  expect(await found()).toBe(first.url("api"));
  expect(await runCli(["pause", "one"], { cwd: folder })).toMatchObject({ code: 0, err: "" });
  const third = await startService(folder, "--api-only");
  const doors = () => readdirSync(folder).filter((name) => name.includes(".service"));
  expect(doors()).toHaveLength(2);
  await third.stop();
  await first.stop();
  expect(doors()).toEqual([]);
});

test("an address that is named gets no key that was not named with it, and the hint speaks of options", async () => {
  const { folder } = await keylessWorld();
  const service = await startService(folder);
  const answer = await runCli(["pause", "one", "--url", service.url("api")], { cwd: folder });
  expect(answer).toMatchObject({ code: 2, err: expect.stringContaining("API_KEY_REFUSED") });
  expect(answer.err).toContain(
    "--key or CONNECTOR_API_KEY; `memory-connector keys create --name NAME --role admin`",
  );
  expect(answer.err).not.toMatch(/X-API-Key|bearer/u);
  await service.stop();
});

test("a new key stands alone on stdout, ready for $( … ), and what is to be said of it on stderr", async () => {
  const { folder } = await keylessWorld();
  const made = await runCli(["keys", "create", "--name", "ci"], { cwd: folder });
  expect(made.out).toMatch(/^mck_[\w-]+\n$/u);
  expect(made.err).toMatch(/only time.*Its id is (\w+), its role viewer/u);
  const id = /id is (\w+)/u.exec(made.err)?.[1] ?? "";
  const rotated = await runCli(["keys", "rotate", id], { cwd: folder });
  expect(rotated.out).toMatch(/^mck_[\w-]+\n$/u);
});
