import { userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newSecretKey } from "../../src/access/secrets/secret-key.ts";
import { routes } from "../../src/api/routes.ts";
import { openState } from "../../src/state/open-state.ts";
import { pendingRow } from "../contract/state-manager-samples.ts";
import { callApi } from "../support/api-client.ts";
import { signIn } from "../support/browser.ts";
import { runCli } from "../support/cli.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

/** Routes for admins that answer to POST and change nothing. */
const looking = [
  "POST /restore",
  "POST /connectors/{id}/check",
  "POST /connectors/{id}/plan",
  "POST /alerts/channels/{channelId}/test",
  // A hint: the run that follows reads the source.
  "POST /connectors/{id}/webhook",
];

const user = userInfo().username;

/** Makes a row of the ledger that will not be retried without a person, beside a running service. */
async function addDeadLetter(folder: string, connectorId: string, memoryId: string): Promise<void> {
  const state = await openState({ backend: "sqlite", path: join(folder, "memory_sync_state.db") });
  const row = pendingRow({ connectorId, contextId: "CTX", memoryId });
  const error = { code: "SINK_REJECTED", message: "no", hint: "none", at: 1 } as const;
  await state.saveRows([{ ...row, status: "dead", error }]);
  await state.close();
}

test("every route that changes something says what the audit log calls it", () => {
  const silent = routes
    .filter(({ method, access, changes }) => method !== "GET" && access === "admin" && changes === undefined)
    .map(({ method, path }) => `${method} ${path}`);
  expect(silent.filter((route) => !looking.includes(route))).toEqual([]);
});

test("every change through the API is in the log: who, what, from where, before and after", async () => {
  const { folder, configure, lightrag } = await makeWorld(20);
  lightrag.options.processingMs = 300;
  configure("connectors: []");
  const service = await startService(folder);
  const { key, id: keyId } = await cliJson(folder, "keys", "create", "--name", "ops", "--role", "admin");
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await callApi(service.url("api"), method, path, { key, body });
    expect([method, path, answer.status, answer.status < 300]).toEqual([method, path, answer.status, true]);
    return answer;
  };
  const settings = { id: "made", context_id: "CTX", memory_api: { api_key: "hidden" } };
  const created = await call("POST", "/connectors", settings);
  await call("PUT", "/connectors/made", { ...settings, description: "changed" });
  // Changes nothing, and is not in the log.
  await call("PUT", "/connectors/made", { ...settings, description: "changed" });
  await call("POST", "/connectors/made/pause");
  await call("POST", "/connectors/made/resume");
  const { body: run } = await call("POST", "/connectors/made/trigger");
  await call("POST", "/connectors/made/cancel");
  await eventually(async () => (await call("GET", "/connectors/made/status")).body.activeRun === null);
  await call("POST", "/connectors/made/backfill", { since: "2000-01-01T00:00:00Z", later: true });
  await call("DELETE", "/connectors/made/backfill");
  const { body: compared } = await call("POST", "/connectors/made/reconcile");
  await eventually(async () => (await call("GET", "/connectors/made/status")).body.activeRun === null);
  await addDeadLetter(folder, "made", "m-dead");
  await call("POST", "/connectors/made/dead-letters", { action: "replay", all: true });
  await addDeadLetter(folder, "made", "m-dead-2");
  await call("POST", "/connectors/made/dead-letters", { action: "drop", all: true });
  const memory = "/connectors/made/memories/CTX/m-dead";
  await call("POST", `${memory}/erase`);
  await call("POST", `${memory}/allow-again`);
  await call("POST", "/connectors/made/reset");
  await call("DELETE", "/connectors/made");
  const inbox = { id: "inbox", context_id: "SENT", schedule: { type: "manual" }, source: { type: "push" } };
  await call("POST", "/connectors", inbox);
  await call("POST", "/connectors/inbox/memories", {
    id: "m1",
    transcript: "hidden words",
    created_at: "2026-03-01T08:15:00Z",
  });
  await call("DELETE", "/connectors/inbox/memories/m1");
  const { body: viewer } = await call("POST", "/keys", { name: "grafana" });
  const { body: next } = await call("POST", `/keys/${viewer.id}/rotate`, { graceHours: 1 });
  await call("DELETE", `/keys/${next.id}`);
  await call("POST", "/backups");
  await call("POST", "/export");
  const browser = await signIn(service.url("api"), { key });
  await browser.call("DELETE", "/session");
  await callApi(service.url("api"), "POST", "/connectors/none/pause");

  const { body } = await call("GET", "/audit?limit=100");
  const entries = body.entries.toReversed();
  const masked = { ...settings, memory_api: { api_key: "***" } };
  const changed = { ...masked, description: "changed" };
  const forgotten = expect.any(Number);
  expect(
    entries.map(({ action, subject, before, after }: Record<string, unknown>) => [
      action,
      subject,
      before,
      after,
    ]),
  ).toEqual([
    ["key.create", keyId, null, expect.objectContaining({ id: keyId, name: "ops", role: "admin" })],
    ["connector.create", "made", null, masked],
    ["connector.replace", "made", masked, changed],
    ["connector.pause", "made", null, null],
    ["connector.resume", "made", null, null],
    ["run.trigger", "made", null, { runId: run.runId, force: false }],
    ["run.cancel", "made", null, { runId: run.runId }],
    ["backfill.request", "made", null, expect.objectContaining({ later: true })],
    ["backfill.cancel", "made", null, expect.objectContaining({ forgotten })],
    ["ledger.reconcile", "made", null, { runId: compared.runId, repair: false, acceptDeletions: false }],
    ["dead-letters.replay", "made", null, { count: 1, memoryIds: ["m-dead"] }],
    ["dead-letters.drop", "made", null, { count: 1, memoryIds: ["m-dead-2"] }],
    ["memory.erase", "m-dead", null, expect.objectContaining({ memoryId: "m-dead", remaining: 0 })],
    ["memory.allow-again", "m-dead", null, { connectorId: "made", contextId: "CTX", memoryId: "m-dead" }],
    ["connector.reset", "made", null, { forgotten, staysErased: 0 }],
    ["connector.remove", "made", changed, { forgotten }],
    ["connector.create", "inbox", null, inbox],
    ["connector.push", "inbox", null, expect.objectContaining({ contextId: "SENT" })],
    ["connector.push", "inbox", null, expect.objectContaining({ contextId: "SENT" })],
    ["key.create", viewer.id, null, expect.objectContaining({ name: "grafana", role: "viewer" })],
    ["key.rotate", next.id, { id: viewer.id }, expect.objectContaining({ name: "grafana" })],
    ["key.revoke", next.id, null, expect.objectContaining({ id: next.id })],
    ["state.backup", null, null, expect.objectContaining({ bytes: expect.any(Number) })],
    ["state.export", null, null, expect.objectContaining({ withKeys: false })],
    ["session.open", keyId, null, { role: "admin" }],
    ["session.close", keyId, null, { role: "admin" }],
  ]);
  for (const shownOnce of [viewer.key, next.key]) expect(JSON.stringify(body)).not.toContain(shownOnce);
  expect(entries[1]).toMatchObject({
    actor: { kind: "api-key", id: keyId, name: "ops" },
    from: { address: "127.0.0.1", requestId: created.headers.get("x-request-id") },
  });
  expect(entries[0]).toMatchObject({ actor: { kind: "cli", id: user }, from: { address: null } });
  expect(JSON.stringify(body)).not.toContain("hidden");
  const made = new Set(entries.map(({ action }: { action: string }) => action));
  const declared = routes.flatMap(({ changes = [] }) => changes);
  expect(declared.filter((action) => !made.has(action))).toEqual([]);

  configure("connectors: [{ id: filed, context_id: CTX }]");
  service.child.kill("SIGHUP");
  const reloads = await eventually(async () => {
    const found = (await call("GET", "/audit?action=config")).body.entries;
    return found.length > 0 && found;
  });
  expect(reloads[0]).toMatchObject({
    actor: { kind: "service" },
    action: "config.reload",
    after: { added: ["filed"] },
  });
  await service.stop();
  expect(await cliJson(folder, "audit", "verify")).toMatchObject({ ok: true, entries: entries.length + 1 });
});

test("every change on the command line is in the log under the name of its user", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const key = newSecretKey();
  const cli = async (...args: string[]) => {
    const answer = await runCli([...args, "--json"], { cwd: folder, env: { ENCRYPTION_KEY: key } });
    expect([args, answer.code, answer.err]).toEqual([args, 0, ""]);
    return JSON.parse(answer.out);
  };
  const first = await cli("keys", "create", "--name", "k");
  const second = await cli("keys", "rotate", first.id);
  await cli("keys", "revoke", second.id);
  await addDeadLetter(folder, "one", "m1");
  await cli("dead-letters", "replay", "--all");
  await cli("dead-letters", "replay", "--all");
  await cli("reset", "--connector-id", "one", "--yes");
  await cli("secrets", "rotate");
  const { entries } = await cli("audit", "list");
  const shown = entries.map(({ action, subject }: Record<string, unknown>) => [action, subject]);
  expect(shown.toReversed()).toEqual([
    ["key.create", first.id],
    ["key.rotate", second.id],
    ["key.revoke", second.id],
    ["dead-letters.replay", "one"],
    ["connector.reset", "one"],
    ["secrets.rotate", null],
  ]);
  for (const { actor, from } of entries) {
    expect([actor.kind, actor.id, from.address]).toEqual(["cli", user, null]);
  }
  expect(JSON.stringify(entries)).not.toContain(first.key);
});

test("a restored and a migrated state bring their log with them, and say where they come from", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []");
  await cliJson(folder, "keys", "create", "--name", "k");
  await cliJson(folder, "export", "all.tar.gz");
  await cliJson(folder, "keys", "create", "--name", "later");
  await cliJson(folder, "restore", "all.tar.gz", "--replace");
  const actions = async () =>
    (await cliJson(folder, "audit", "list")).entries.map(({ action }: { action: string }) => action);
  expect(await actions()).toEqual(["state.restore", "key.create"]);
  await cliJson(folder, "state", "migrate", "--to", "json");
  configure("connectors: []\nstate: { path: ./memory_sync_state.json }");
  expect(await actions()).toEqual(["state.migrate", "state.restore", "key.create"]);
  expect(await cliJson(folder, "audit", "verify")).toMatchObject({ ok: true, entries: 3 });
});

test("the log is listed in pages with filters, for admins alone, and verified against a noted entry", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []");
  for (const name of ["a", "b", "c"]) await cliJson(folder, "keys", "create", "--name", name);
  const page = await cliJson(folder, "audit", "list", "--limit", "2");
  const rest = await cliJson(folder, "audit", "list", "--limit", "2", "--after", page.next);
  const numbers = [...page.entries, ...rest.entries].map(({ number }) => number);
  expect([numbers, rest.next]).toEqual([[3, 2, 1], null]);
  const nothing = await cliJson(folder, "audit", "list", "--until", "2020-01-01");
  expect(nothing.entries).toEqual([]);

  const service = await startService(folder);
  const get = (query: string) => callApi(service.url("api"), "GET", `/audit${query}`);
  const since = page.entries[1].at;
  expect((await get(`?since=${since}&action=key`)).body.entries).toHaveLength(2);
  expect((await get("?since=yesterday")).body).toMatchObject({ status: 400, code: "API_REQUEST_INVALID" });
  expect((await get("?after=x")).body).toMatchObject({ status: 400, code: "STATE_CURSOR_INVALID" });
  await service.stop();

  const verify = (...args: string[]) => runCli(["audit", "verify", ...args], { cwd: folder });
  const held = await verify();
  const anchor = /ends with (\S+)/u.exec(held.out)?.[1] ?? "";
  expect([held.code, held.out]).toEqual([0, expect.stringContaining("The chain of 3 entries holds.")]);
  expect((await verify("--anchor", anchor)).code).toBe(0);
  const other = await verify("--anchor", `3:${"0".repeat(64)}`);
  expect([other.code, other.out]).toEqual([1, expect.stringContaining("broken at entry 3")]);
  expect((await verify("--anchor", "three")).code).toBe(2);
});
