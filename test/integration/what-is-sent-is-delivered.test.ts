import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { adminKey, cliJson, eventually, makeWorld, startService } from "../support/service.ts";
import { codeBlocks, docPages } from "../support/shell-blocks.ts";

const at = "2026-03-01T08:15:00Z";
const noted = (id: string, transcript: string) => ({ id, created_at: at, transcript });
const push = "connectors: [{ id: apps, context_id: APPS, on_delete: propagate, source: { type: push } }]";
const secret = "a-secret-of-sixteen-or-more";

/** A service whose connector takes what is sent, and what its LightRAG holds. */
async function served(configuration = push) {
  const world = await makeWorld(0);
  world.configure(configuration);
  const service = await startService(world.folder);
  const api = service.url("api");
  const send = async (body: unknown) =>
    (await callApi(api, "POST", "/connectors/apps/memories", { body })).body;
  const names = () => [...world.lightrag.texts().keys()].toSorted();
  const holds = (...ids: string[]) =>
    eventually(() => JSON.stringify(names()) === JSON.stringify(ids.map((id) => `${id}@APPS.md`)));
  const runs = async () => (await cliJson(world.folder, "history", "--connector-id", "apps")).runs;
  return { ...world, service, api, send, names, holds, runs };
}

test("what is sent is delivered by itself, once for many, and follows its changes, without a schedule", async () => {
  const { send, holds, lightrag, runs, service, folder } = await served();
  const many = Array.from({ length: 30 }, (_, n) => noted(`m${String(n).padStart(2, "0")}`, `note ${n}`));
  expect(await send(many)).toMatchObject({ counts: { accepted: 30 }, next: "run" });
  const ids = many.map(({ id }) => id);
  await holds(...ids);
  expect(await runs()).toHaveLength(1);
  for (const { id } of many.slice(0, 10)) await send(noted(id, "another text"));
  await eventually(
    () => [...lightrag.texts().values()].filter((text) => text.includes("another")).length === 10,
  );
  await send([{ id: "m29", deleted: true }]);
  await holds(...ids.slice(0, -1));
  // Also what another process takes.
  writeFileSync(join(folder, "late.json"), JSON.stringify(noted("z", "late")));
  const { out } = await runCli(["push", "apps", "late.json"], { cwd: folder });
  expect(out).toContain("The service takes them up by itself.");
  await holds(...ids.slice(0, -1), "z");
  expect((await runs()).length).toBeLessThan(15);
  await service.stop();
});

test("most of what was sent goes when its app says so of each, and no run doubts it", async () => {
  const { send, holds, runs, service } = await served();
  const ids = ["a", "b", "c", "d"];
  await send(ids.map((id) => noted(id, `note ${id}`)));
  await holds(...ids);
  await send(ids.slice(1).map((id) => ({ id, deleted: true })));
  await holds("a");
  await service.stop();
  expect((await runs()).map(({ outcome }: { outcome: string }) => outcome)).toEqual(["success", "success"]);
});

test("what is taken back while a run delivers it does not stay, and comes back when it is sent again", async () => {
  const { send, api, holds, lightrag, runs, service } = await served();
  Object.assign(lightrag.options, { processingMs: 400 });
  await send(noted("m", "is on its way"));
  await eventually(() => lightrag.texts().has("m@APPS.md"));
  const withdraw = () => callApi(api, "DELETE", "/connectors/apps/memories/m");
  expect(await withdraw()).toMatchObject({ status: 200, body: { result: "deleted" } });
  expect(await withdraw()).toMatchObject({ status: 200, body: { result: "unchanged" } });
  await holds();
  await send(noted("m", "is on its way again"));
  await holds("m");
  await eventually(async () =>
    (await runs()).every(({ outcome }: { outcome: string }) => outcome === "success"),
  );
  await service.stop();
});

test("a paused connector takes what is sent, and delivers it once it is resumed, over a restart too", async () => {
  const { send, api, folder, names, service, lightrag } = await served();
  await callApi(api, "POST", "/connectors/apps/pause", { body: {} });
  expect(await send(noted("m", "waits"))).toMatchObject({ counts: { accepted: 1 }, next: "resume" });
  await service.stop();
  const again = await startService(folder);
  expect(names()).toEqual([]);
  await callApi(again.url("api"), "POST", "/connectors/apps/resume", { body: {} });
  await eventually(() => lightrag.texts().has("m@APPS.md"));
  await again.stop();
});

test("what was sent can be compared, delivered anew after a reset, exported, restored and erased", async () => {
  const { send, holds, folder, service, lightrag, names } = await served();
  await send([noted("a", "Ada sails."), noted("b", "Bo swims.")]);
  await holds("a", "b");
  await service.stop();
  const done = async (...words: string[]) =>
    expect(await runCli([...words], { cwd: folder, confirm: async () => true })).toMatchObject({ code: 0 });
  await done("export", "all.tar.gz");
  lightrag.lose(lightrag.documents()[0]?.id ?? "");
  await done("reconcile", "--repair");
  expect(names()).toEqual(["a@APPS.md", "b@APPS.md"]);
  await done("erase", "--memory", "a", "--yes");
  await done("restore", "all.tar.gz", "--replace");
  await done("reset", "apps");
  await done("sync");
  expect(names()).toEqual(["b@APPS.md"]);
  const { memories } = (await cliJson(folder, "status")).connectors[0];
  expect(memories).toMatchObject({ processed: 1 });
  writeFileSync(join(folder, "a.json"), JSON.stringify(noted("a", "Ada sails.")));
  expect((await cliJson(folder, "push", "apps", "a.json")).results).toMatchObject([
    { result: "invalid", error: { code: "MEMORY_ERASED" } },
  ]);
  await done("erase", "--undo", "--memory", "a", "--yes");
  await done("push", "apps", "a.json");
  await done("sync");
  expect(names()).toEqual(["a@APPS.md", "b@APPS.md"]);
});

test("one that was sent and not taken up yet can be erased by its name", async () => {
  const world = await makeWorld(0);
  world.configure(push);
  const { folder } = world;
  writeFileSync(join(folder, "m.json"), JSON.stringify(noted("m", "a word that nobody shall find")));
  await runCli(["push", "apps", "m.json"], { cwd: folder });
  const erased = await cliJson(folder, "erase", "--memory", "m", "--yes");
  expect(erased.places).toMatchObject([{ connectorId: "apps", contextId: "APPS" }]);
  expect(
    spawnSync("grep", ["-rl", "nobody shall find", "--include=memory_sync_state*", folder]).stdout.toString(),
  ).toBe("");
  expect(await cliJson(folder, "sync")).toMatchObject({ runs: [{ counts: { submitted: 0 } }] });
});

test("the webhook of a server is followed by a run, which asks the server", async () => {
  const world = await makeWorld(1);
  world.configure(
    `connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1d }, webhook: { url_secret: ${secret} } }]`,
  );
  const service = await startService(world.folder);
  const hook = `/connectors/one/webhook?secret=${secret}`;
  const tell = () => callApi(service.url("api"), "POST", hook, { key: null, body: { id: "a lie" } });
  await eventually(() => world.lightrag.documents().length === 1);
  const [late] = makeApiMemories(1, Date.now());
  if (late !== undefined) world.memoryApi.put("CTX", { ...late, id: "late" });
  expect(await tell()).toMatchObject({ status: 202, body: { connectorId: "one", next: "run" } });
  await eventually(() => world.lightrag.texts().has("late@CTX.md"));
  const { out } = await service.stop();
  expect(out + service.said()).not.toContain(secret);
});

const noPrograms = ["curl", "openssl", "bash"].some(
  (name) => spawnSync(name, ["version"]).error !== undefined,
);

test.skipIf(noPrograms)(
  "the page's example works as it is typed, with a key and with a signature",
  async () => {
    const page = docPages.find(({ path }) => path === "docs/guides/push.md") as (typeof docPages)[number];
    const blocks = codeBlocks(page);
    const [configuration] = blocks.filter(({ language }) => language === "yaml");
    const typed = blocks.filter(({ language, text }) => language === "bash" && text.includes("curl"));
    const [answer] = blocks.filter(({ language }) => language === "json");
    expect(typed).toHaveLength(2);
    const { folder } = await makeWorld(0);
    const settings = (configuration?.text ?? "").replace("${PUSH_SECRET}", secret);
    writeFileSync(join(folder, "config.yaml"), `api: { api_key: ${adminKey} }\n${settings}`);
    const service = await startService(folder);
    const api = service.url("api");
    const run = (text: string) => {
      const line = text.replaceAll("http://127.0.0.1:9622", new URL(api).origin);
      const env = { PATH: process.env.PATH ?? "", KEY: adminKey, PUSH_SECRET: secret };
      return JSON.parse(
        spawnSync("bash", ["-c", line.replaceAll("curl ", "curl -s ")], { env }).stdout.toString(),
      );
    };
    expect(run(typed[0]?.text ?? "")).toEqual(JSON.parse(answer?.text ?? ""));
    expect(run(typed[1]?.text ?? "")).toMatchObject({ results: [{ id: "voice-2", result: "accepted" }] });
    await eventually(async () => (await cliJson(folder, "status")).connectors[0].memories.processed === 2);
    await service.stop();
  },
);
