import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { JsonListServer } from "../support/json-list-server.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";

const body = { id: "made", context_id: "CTX", schedule: { type: "cron", cron: "0 0 1 1 *" } };

test("a connector is replaced by version; the same settings again change nothing", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const put = (settings: object, ifMatch?: string) =>
    callApi(url, "PUT", "/connectors/made", {
      body: settings,
      key,
      headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
    });
  expect((await put(body)).body).toMatchObject({ status: 404, code: "CONNECTOR_UNKNOWN" });
  const made = await callApi(url, "POST", "/connectors", { body, key });
  expect((await callApi(url, "POST", "/connectors", { body, key })).body.code).toBe("CONNECTOR_EXISTS");
  const changed = { ...body, description: "changed" };
  const first = await put(changed, made.headers.get("etag") ?? "");
  expect([first.status, first.headers.get("etag")]).toEqual([200, '"2"']);
  const again = await put(changed);
  expect([again.status, again.headers.get("etag"), again.body]).toEqual([200, '"2"', first.body]);
  expect((await put(body, '"1"')).body).toMatchObject({ status: 412, code: "STATE_CONFLICT" });
  expect((await put(body, '"of another server"')).status).toBe(412);
  expect((await put(body, "*")).body.version).toBe(3);
});

test("a connector names its source in either form, and is shown as it was given, without its key", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const post = (settings: object) => callApi(url, "POST", "/connectors", { body: settings, key });
  const source = { type: "memory_api", url: "http://own.example", api_key: "k-own" };
  const made = await post({ ...body, source });
  expect([made.status, made.body.settings.source]).toEqual([201, { ...source, api_key: "***" }]);
  const short = await post({ ...body, id: "short", memory_api: { url: "http://b.example", api_key: "k" } });
  expect(short.status).toBe(201);
  const listed = await callApi(url, "GET", "/connectors", { key });
  const sources = listed.body.connectors.map((each: { id: string; source: string }) => [
    each.id,
    each.source,
  ]);
  expect(sources).toEqual(
    expect.arrayContaining([
      ["made", "http://own.example"],
      ["short", "http://b.example"],
    ]),
  );
  const both = await post({ ...body, id: "both", source, memory_api: {} });
  expect(both.body.problems).toMatchObject([{ path: "memory_api" }]);
  const unknown = await post({ ...body, id: "other", source: { type: "notion" } });
  expect(unknown.body.problems).toMatchObject([
    { path: "source.type", reason: expect.stringMatching(/^must be one of memory_api, folder, /u) },
  ]);
});

test("settings are tried as they would be, and kept nowhere; a key that is kept goes to its own server alone", async () => {
  const { url, configuredKey: key } = await startTestApi();
  const server = await new JsonListServer().start();
  server.items = [{ id: "one", text: "Zoë mends a kayak.", at: "2026-03-01T08:15:00Z" }];
  const source = {
    ...{ type: "http_json", url: server.url, path: "/notes", items: "data.notes", api_key: server.key },
    ...{ auth: { name: "x-api-key" }, fields: { created_at: "at" } },
  };
  const settings = { context_id: "NOTES", source };
  const check = async (id: string, sent: object) =>
    (await callApi(url, "POST", `/connectors/${id}/check`, { body: { settings: sent }, key })).body;
  const ofSource = async (id: string, sent: object) => {
    const { checks } = await check(id, sent);
    return checks.find(({ subject }: { subject: string }) => subject !== "LightRAG");
  };
  expect(await ofSource("new", settings)).toMatchObject({ connectorId: "new", ok: true });
  expect((await callApi(url, "GET", "/connectors/new", { key })).status).toBe(404);
  const wrong = { ...source, api_key: "wrong-key" };
  expect(await ofSource("new", { ...settings, source: wrong })).toMatchObject({
    ...{ ok: false, code: "SOURCE_UNAUTHORIZED" },
  });
  expect(await check("new", { ...settings, source: { ...source, url: "nowhere" } })).toMatchObject({
    ...{ code: "CONFIG_INVALID", problems: [{ path: "source.url" }] },
  });
  await callApi(url, "POST", "/connectors", { body: { ...settings, id: "made" }, key });
  const masked = { ...source, api_key: "***" };
  const renamed = { ...settings, description: "other", source: masked };
  expect(await ofSource("made", renamed)).toMatchObject({ ok: true });
  const moved = { ...settings, source: { ...masked, url: "http://elsewhere.example" } };
  expect(await check("made", moved)).toMatchObject({ code: "CONFIG_INVALID" });
  expect((await callApi(url, "GET", "/connectors/made", { key })).body).toMatchObject({
    ...{ version: 1, description: "" },
  });
  expect(await check("one", settings)).toMatchObject({ status: 409, code: "CONNECTOR_READ_ONLY" });
});

test("connectors of the file are changed in the file only", async () => {
  const { url, configuredKey: key } = await startTestApi();
  for (const method of ["PUT", "DELETE"]) {
    const refused = await callApi(url, method, "/connectors/one", {
      key,
      ...(method === "PUT" ? { body: { context_id: "CTX" } } : {}),
    });
    expect(refused.body).toMatchObject({ status: 409, code: "CONNECTOR_READ_ONLY" });
  }
  expect((await callApi(url, "GET", "/connectors/one", { key })).headers.get("etag")).toBeNull();
});

test("what is removed is gone with its pause; its ledger stays when that is asked for", async () => {
  const { folder, lightrag, configure } = await makeWorld(3);
  configure("connectors: []");
  const service = await startService(folder);
  const call = (method: string, path: string, sent?: object) =>
    callApi(service.url("api"), method, path, { body: sent });
  const memories = async () => (await call("GET", "/connectors/made/status")).body.memories;
  await call("POST", "/connectors", body);
  await call("POST", "/connectors/made/trigger");
  await eventually(async () => (await memories()).processed === 3);
  await eventually(async () => (await call("GET", "/connectors/made/status")).body.activeRun === null);
  await call("POST", "/connectors/made/pause");

  const kept = await call("DELETE", "/connectors/made?keep_ledger=true");
  expect(kept.body).toEqual({ id: "made", forgotten: 0 });
  expect((await call("DELETE", "/connectors/made")).status).toBe(404);
  await call("POST", "/connectors", body);
  const { pausedAt, nextRuns } = (await call("GET", "/connectors/made/schedule?count=2")).body;
  expect([pausedAt, nextRuns.length]).toEqual([null, 2]);
  expect((await memories()).processed).toBe(3);

  expect((await call("DELETE", "/connectors/made")).body.forgotten).toBe(3);
  await call("POST", "/connectors", body);
  expect((await memories()).processed).toBe(0);
  expect(lightrag.documents()).toHaveLength(3);
  await service.stop();
});

test("a connector that is switched off says so when it is to run", async () => {
  const { url, configuredKey: key } = await startTestApi();
  await callApi(url, "POST", "/connectors", { body: { ...body, enabled: false }, key });
  for (const action of ["trigger", "pause", "resume", "cancel"]) {
    const { body: answer } = await callApi(url, "POST", `/connectors/made/${action}`, { key });
    expect(answer).toMatchObject({ status: 409, code: "CONNECTOR_DISABLED" });
  }
});
