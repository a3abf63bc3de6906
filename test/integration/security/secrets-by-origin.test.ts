import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import * as z from "zod";
import { askService } from "../../../src/cli/service-client.ts";
import { callApi } from "../../support/api-client.ts";
import { runCli } from "../../support/cli.ts";
import { startHttpServer } from "../../support/http-server.ts";
import { makeWorld, startService } from "../../support/service.ts";

const fileKey = "the-key-of-the-file";
const ragKey = "the-key-of-lightrag";

/** A server that remembers every header that it was sent. */
async function startThief() {
  const heard: string[] = [];
  const server = await startHttpServer((request: IncomingMessage, response) => {
    heard.push(JSON.stringify(request.headers));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  return { url: server.url, heard };
}

test("whoever may make connectors cannot have the file's secrets sent to a server of theirs", async () => {
  const { folder, memoryApi, lightrag, configure } = await makeWorld();
  const thief = await startThief();
  configure("connectors: [{ id: one, context_id: CTX }]", {
    memory_api: `{ url: "${memoryApi.url}", api_key: ${fileKey} }`,
    lightrag: `{ api: { url: "${lightrag.url}", api_key: ${ragKey} } }`,
  });
  const service = await startService(folder);
  const api = service.url("api");
  const source = (more: object) => ({
    id: "x",
    context_id: "CTX",
    memory_api: { url: thief.url, max_retries: 0, ...more },
  });
  const refused = await callApi(api, "POST", "/connectors", { body: source({}) });
  expect([refused.status, refused.body.code]).toEqual([422, "CONFIG_INVALID"]);
  expect(refused.body.problems).toEqual([expect.objectContaining({ path: "memory_api.api_key" })]);
  expect(refused.body.problems[0].hint).toContain("give memory_api.api_key for that server");
  const body = { ...source({ api_key: null }), lightrag: { api: { url: thief.url, api_key: "mine" } } };
  expect((await callApi(api, "POST", "/connectors", { body })).status).toBe(201);
  await callApi(api, "POST", "/connectors/x/check");
  expect(thief.heard.length).toBeGreaterThan(1);
  const variable = source({ api_key: "${MEMORY_API_KEY}" });
  expect((await callApi(api, "PUT", "/connectors/x", { body: variable })).status).toBe(200);
  await callApi(api, "POST", "/connectors/x/check");
  const shown = await callApi(api, "GET", "/connectors/x");
  const moved = { ...shown.body.settings, memory_api: { url: memoryApi.url, api_key: "***" } };
  const kept = await callApi(api, "PUT", "/connectors/x", { body: moved });
  expect([kept.status, kept.body.problems[0].path]).toEqual([422, "memory_api.api_key"]);
  expect(thief.heard.join()).not.toMatch(new RegExp(`${fileKey}|${ragKey}`, "u"));
  await service.stop();
});

test("a command's key does not follow a redirect to another server, and finds a service below a path", async () => {
  const thief = await startThief();
  const front = await startHttpServer((request, response) => {
    if (request.url === "/base/connectors") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"connectors":[]}');
    } else response.writeHead(307, { location: `${thief.url}${request.url}` }).end();
  });
  const signal = new AbortController().signal;
  const ask = (url: string) =>
    askService({ url, key: "my-key" }, { method: "GET", path: "/connectors", answer: z.unknown() }, signal);
  await expect(ask(front.url)).rejects.toMatchObject({ code: "SERVICE_UNREACHABLE" });
  expect(await ask(`${front.url}/base/`)).toEqual({ connectors: [] });
  expect(thief.heard).toEqual([]);
});

test("the configuration's key to the API goes to the service of the configuration, and to no other address", async () => {
  const { folder, configure } = await makeWorld();
  configure("connectors: [{ id: one, context_id: CTX }]", { api: "{ api_key: key-of-this-service }" });
  const service = await startService(folder);
  const thief = await startThief();
  const named = ["list", "status", "watch", "pause one", "trigger one"];
  for (const command of named) await runCli([...command.split(" "), "--url", thief.url], { cwd: folder });
  expect(thief.heard.length).toBeGreaterThan(2);
  expect(thief.heard.join()).not.toContain("key-of-this-service");
  const own = await runCli(["pause", "one", "--url", service.url("api")], { cwd: folder });
  expect(own).toMatchObject({ code: 0, err: "" });
  await service.stop();
});

test("a connector of the file at another server, and an address by a flag, are not sent the file's keys", async () => {
  const { folder, memoryApi, lightrag, configure } = await makeWorld();
  const thief = await startThief();
  const elsewhere = `{ id: two, context_id: CTX, memory_api: { url: "${thief.url}", max_retries: 0 }, lightrag: { api: { url: "${thief.url}" } } }`;
  configure(`connectors: [{ id: one, context_id: CTX }, ${elsewhere}]`, {
    memory_api: `{ url: "${memoryApi.url}", api_key: ${fileKey} }`,
    lightrag: `{ api: { url: "${lightrag.url}", api_key: ${ragKey} } }`,
  });
  const check = await runCli(["check", "--connector-id", "two"], { cwd: folder });
  expect(check.err).toContain("connectors[1].memory_api.api_key");
  const flagged = await runCli(["plan", "--api-url", thief.url], { cwd: folder });
  expect(flagged).toMatchObject({ code: 2, err: expect.stringContaining("--api-url leads to") });
  expect(thief.heard.length).toBeGreaterThan(1);
  expect(thief.heard.join()).not.toMatch(new RegExp(`${fileKey}|${ragKey}`, "u"));
});
