import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ApiKeys } from "../../../src/access/api-keys.ts";
import { systemClock } from "../../../src/kernel/util/clock.ts";
import { openState } from "../../../src/state/open-state.ts";
import { runCli } from "../../support/cli.ts";
import { temporaryFolder } from "../../support/temp-folder.ts";

const settings = {
  id: "planted",
  context_id: "C",
  memory_api: { api_key: "planted-key" },
  lightrag: { api: { username: "u", password: "planted-password" } },
  webhook: { signing_secret: "planted-secret-of-a-webhook" },
};

/** A folder whose state holds an admin's key and a connector that nobody has recorded, and an archive of it. */
async function plant(more: Readonly<Record<string, unknown>> = {}) {
  const folder = newFolder();
  const state = await openState({ backend: "sqlite", path: join(folder, "state.db") });
  const keys = new ApiKeys({ store: state.apiKeys, configured: () => null, clock: systemClock });
  const { stored } = await keys.create("intruder", "admin");
  await state.connectors.save({
    id: "planted",
    version: 0,
    settings: { ...settings, ...more },
    createdAt: 1,
    changedAt: 1,
  });
  await state.close();
  const archive = join(folder, "all.tar.gz");
  expect((await runCli(["export", archive], { cwd: folder })).code).toBe(0);
  return { folder, archive, id: stored.id };
}

function newFolder() {
  const folder = temporaryFolder();
  const yaml = 'memory_api: { url: "http://127.0.0.1:1" }\nstate: { backend: sqlite, path: ./state.db }';
  writeFileSync(join(folder, "config.yaml"), yaml);
  return folder;
}

async function json(folder: string, ...args: string[]) {
  const { code, out } = await runCli([...args, "--json"], { cwd: folder });
  return { code, body: JSON.parse(out) };
}

async function inState(folder: string) {
  const state = await openState({ backend: "sqlite", path: join(folder, "state.db") });
  const held = { keys: await state.apiKeys.list(), connectors: await state.connectors.list() };
  await state.close();
  return held;
}

test("an archive brings no keys and no secrets unless asked, and what it holds of them is named", async () => {
  const { archive, id } = await plant();
  const folder = newFolder();
  await json(folder, "keys", "create", "--name", "mine", "--role", "admin");
  const check = await runCli(["restore", archive, "--check"], { cwd: folder });
  expect(check.out).toContain(`${id} (intruder, admin)`);
  const { body } = await json(folder, "restore", archive, "--replace");
  expect(body).toMatchObject({
    withKeys: false,
    connectors: ["planted"],
    keys: [{ id, name: "intruder", role: "admin" }],
  });
  expect(body.secrets).toEqual(
    [
      "planted: memory_api.api_key",
      "planted: lightrag.api.username",
      "planted: lightrag.api.password",
      "planted: webhook.signing_secret",
    ].toSorted((a, b) => body.secrets.indexOf(a) - body.secrets.indexOf(b)),
  );
  const { keys, connectors } = await inState(folder);
  expect(keys.map(({ name }) => name)).toEqual(["mine"]);
  expect(JSON.stringify(connectors)).toContain("planted");
  expect(JSON.stringify(connectors)).not.toMatch(/planted-key|planted-password|planted-secret/u);
  const listed = await json(folder, "list");
  expect(JSON.stringify(listed.body)).toContain("planted");
});

test("with --with-keys they come in, named here and in the audit log", async () => {
  const { archive, id } = await plant();
  const folder = newFolder();
  const { out } = await runCli(["restore", archive, "--with-keys"], { cwd: folder });
  expect(out).toContain(`Keys to the API that came in: ${id} (intruder, admin)`);
  const { keys, connectors } = await inState(folder);
  expect(keys.map((key) => key.id)).toEqual([id]);
  expect(connectors[0]?.settings).toEqual(settings);
  const { body } = await json(folder, "audit", "list", "--action", "state.restore");
  expect(body.entries[0].after).toMatchObject({ connectors: ["planted"], keys: [{ id }] });
  expect((await json(folder, "audit", "verify")).body).toMatchObject({ ok: true, unexplainedKeys: [] });
});

const foreign = [
  [{ memory_api: { url: "http://evil.example" } }, "http://evil.example"],
  [{ lightrag: { api: { url: "https://evil.example/rag" } } }, "https://evil.example"],
  [{ lightrag: { api: { url: "http://localhost:9622" } } }, "http://localhost:9622"],
  [{ lightrag: { mode: "direct" } }, "lightrag.mode direct"],
  [{ lightrag: { direct: { working_dir: "/srv/other" } } }, "lightrag.direct.working_dir /srv/other"],
  [{ lightrag: { direct: { llm: { base_url: "http://evil.example/v1" } } } }, "http://evil.example"],
] as const;

test.each(foreign)(
  "a connector of an archive that leads elsewhere comes in disabled and named (%j)",
  async (more, place) => {
    const { archive } = await plant(more);
    const folder = newFolder();
    expect((await runCli(["restore", archive, "--check"], { cwd: folder })).out).toContain(place);
    const { body } = await json(folder, "restore", archive);
    expect(body.elsewhere).toEqual([`planted: ${place}`]);
    expect((await inState(folder)).connectors[0]?.settings.enabled).toBe(false);
    const { body: again } = await json(folder, "restore", archive, "--replace", "--with-keys");
    expect(again.elsewhere).toEqual([`planted: ${place}`]);
    expect((await inState(folder)).connectors[0]?.settings).toEqual({ ...settings, ...more });
  },
);

test("one that leads where the configuration does comes in as it was", async () => {
  const own = {
    memory_api: { url: "http://127.0.0.1:1/v2" },
    lightrag: { mode: "api", api: { url: "http://localhost:9621" } },
  };
  const { archive } = await plant(own);
  const folder = newFolder();
  const { body } = await json(folder, "restore", archive);
  expect(body.elsewhere).toEqual([]);
  expect((await inState(folder)).connectors[0]?.settings).toEqual({ ...settings, ...own, webhook: {} });
});

test("audit verify tells a key that no entry tells of", async () => {
  const { folder, id } = await plant();
  const { code, body } = await json(folder, "audit", "verify");
  expect([code, body.ok, body.unexplainedKeys]).toEqual([
    1,
    false,
    [{ id, name: "intruder", role: "admin" }],
  ]);
  const { out } = await runCli(["audit", "verify"], { cwd: folder });
  expect(out).toContain(`memory-connector keys revoke ${id}`);
  await json(folder, "keys", "revoke", id);
  expect((await json(folder, "audit", "verify")).body.ok).toBe(true);
});
