import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requestOf } from "../../src/api/endpoint.ts";
import type { Route } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";
import { callApi } from "../support/api-client.ts";
import { connectHttp } from "../support/mcp-client.ts";
import { cliJson, makeWorld, startService } from "../support/service.ts";

const ids = [".", "..", "/", "a/b", "a//b", "a/../b", "%2e%2e", "%2F", "?", "#x", "~~..", "plain"];
const contexts = { usual: "CTX", odd: ".." };

/** A service whose two connectors know a memory of each of these ids, one of them in a context that is called `..`. */
async function startOddIds() {
  const { folder, configure } = await makeWorld(0);
  configure(
    `connectors:\n${Object.entries(contexts)
      .map(
        ([id, context]) =>
          `  - { id: ${id}, context_id: "${context}", source: { type: folder, path: ./notes, settle: 0 } }`,
      )
      .join("\n")}`,
    { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" },
  );
  mkdirSync(join(folder, "notes"));
  for (const [index, id] of ids.entries())
    writeFileSync(
      join(folder, "notes", `${index}.md`),
      `---\nid: ${JSON.stringify(id)}\ndate: 2026-05-01\n---\nNora mends the kayak number ${index}.`,
    );
  await cliJson(folder, "sync", "--all");
  return { folder, url: (await startService(folder)).url("api") };
}

const takesFreeId = ({ path }: Route) => /\{(?:contextId|memoryId|name)\}/u.test(path);
/** Takes back what was sent, and asks no other source. */
const isOfPush = ({ method, path }: Route) =>
  method === "DELETE" && path === "/connectors/{id}/memories/{memoryId}";
/** What asks first, what erases last. */
const rank = ({ method, path }: Route) => (method === "GET" ? 0 : path.endsWith("/erase") ? 2 : 1);
const askedById = routes
  .filter((route) => takesFreeId(route) && !isOfPush(route))
  .toSorted((a, b) => rank(a) - rank(b));

test("every operation on something with a free id reaches it, whatever the id is, as clients ask", async () => {
  const { url } = await startOddIds();
  expect(askedById.length).toBeGreaterThanOrEqual(13);
  for (const route of askedById) {
    const { operation, endpoint } = route.offers as NonNullable<Route["offers"]>;
    for (const [connectorId, contextId] of Object.entries(contexts)) {
      for (const id of ids) {
        const input = { connectorId, contextId, memoryId: id, name: id, kind: "audio", from_source: false };
        const { path } = requestOf(operation, endpoint, input);
        const { status, body } = await callApi(url, route.method, path.split("?")[0] ?? "");
        const { memories = [], erased = [], allowed = [] } = body;
        const shown = [body, ...memories, ...erased, ...allowed].map(({ memoryId }) => memoryId);
        expect(
          [...shown, body.subject, body.name],
          `${status} of ${path}: ${JSON.stringify(body)}`,
        ).toContain(id);
      }
    }
  }
}, 120_000);

test("what was sent under any id is taken back by its address", async () => {
  const { folder, configure } = await makeWorld(0);
  configure(
    `connectors: [{ id: apps, context_id: CTX, schedule: { type: manual }, source: { type: push } }]`,
  );
  const url = (await startService(folder)).url("api");
  const sent = ids.map((id) => ({ id, created_at: "2026-05-01T10:00:00Z", transcript: `Nora and ${id}` }));
  expect((await callApi(url, "POST", "/connectors/apps/memories", { body: sent })).status).toBe(200);
  const { operation, endpoint } = routes.filter(isOfPush)[0]!.offers as NonNullable<Route["offers"]>;
  for (const id of ids) {
    const { path } = requestOf(operation, endpoint, { connectorId: "apps", memoryId: id });
    const { status, body } = await callApi(url, "DELETE", path);
    expect([id, status, body]).toMatchObject([id, 200, { result: "deleted" }]);
  }
});

test("what a tool of MCP has found it fetches, whatever the id is", async () => {
  const { url } = await startOddIds();
  const mcp = await connectHttp("2026", `${url}/mcp`);
  const { memories } = (await mcp.call("search", { limit: 100 })).says;
  expect(memories).toHaveLength(2 * ids.length);
  for (const { id } of memories) expect((await mcp.call("fetch", { id })).says.memory.id).toBe(id);
}, 120_000);
