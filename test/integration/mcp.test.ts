import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { connectHttp, connectStdio, eras } from "../support/mcp-client.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";

const directMode = { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" };
const readers = ["search", "fetch", "timeline", "entity", "ask", "status"];
const writers = ["sync_now", "forget"];
const awkwardId = "walk/2024?no=1#ü 😀%2F";
const bytesPerToken = 3;

/** A service whose only connector has synced two memories that speak of people, and many that do not. */
async function startMemories({ many = 0, api = `{ api_key: ${adminKey} }` } = {}) {
  const world = await makeWorld(0);
  const [first, second, ...others] = makeApiMemories(2 + many, Date.UTC(2024, 4, 1, 10));
  world.memoryApi.put(
    "CTX",
    { ...first!, id: "kayak", transcript: "Ivan: Nora, will Zoë mend the old kayak in Lisbon?" },
    { ...second!, id: awkwardId, transcript: "Nora: Zoë works for the Harbour Museum in Lisbon." },
    ...others,
  );
  world.configure(
    "state: { backend: sqlite, path: state.db, keep_text: 2000 }\n" +
      "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all }, transformation: { strategy: rich } }]",
    { ...directMode, api },
  );
  const service = await startService(world.folder);
  const url = service.url("api");
  const call = (method: string, path: string, body?: unknown) => callApi(url, method, path, { body });
  const idle = async () => (await call("GET", "/connectors/one/status")).body.activeRun === null;
  await call("POST", "/connectors/one/trigger");
  await eventually(idle);
  return { world, service, url, mcp: `${url}/mcp`, call, idle };
}

test.each(eras)(
  "a client of %s finds, reads and asks over HTTP and over stdio",
  async (era) => {
    const { world, url, mcp } = await startMemories();
    const doors = [
      { client: await connectHttp(era, mcp), names: [...readers, ...writers] },
      { client: await connectStdio(era, world.folder), names: readers },
      { client: await connectStdio(era, world.folder, "--allow-writes"), names: [...readers, ...writers] },
    ];
    for (const { client, names } of doors) {
      expect(await client.names()).toEqual(names);
      const found = await client.call("search", { text: "harbour museum" });
      const id = `one/CTX/${encodeURIComponent(awkwardId)}`;
      expect(found.says.memories).toMatchObject([
        { id, time: /^2024-05-01T/u, status: "processed", link: `${url}/#/memories/${id}` },
      ]);
      const fetched = await client.call("fetch", { id });
      expect(fetched.says.memory).toMatchObject({ id, text: expect.stringContaining("Harbour Museum") });
      expect(fetched.says.entities.map((one: { name: string }) => one.name)).toContain("Zoë");
      expect(fetched.says.document).toMatchObject({ id: /^doc-/u, error: null });

      const entity = await client.call("entity", { name: "Zoë" });
      expect(entity.says.memories.map((one: { id: string }) => one.id).toSorted()).toEqual(
        ["one/CTX/kayak", id].toSorted(),
      );
      const rest = await client.call("entity", { name: "Zoë", cursor: "0.1", maxTokens: 500 });
      expect(rest.says.memories).toEqual(entity.says.memories.slice(1));
      expect(rest.says).toMatchObject({ relations: [], cursor: null });
      const asked = await client.call("ask", { question: "Who mends the kayak?" });
      expect(asked.says.sources[0]).toMatchObject({
        id: "one/CTX/kayak",
        link: `${url}/#/memories/one/CTX/kayak`,
      });
      const days = await client.call("timeline", { by: "month" });
      expect(days.says.periods).toMatchObject([{ period: "2024-05", memories: 2 }]);
      const status = await client.call("status");
      expect(status.says.connectors).toMatchObject([{ connectorId: "one", memories: { processed: 2 } }]);
    }
  },
  60_000,
);

test("tools that change something want an admin, a preview and a confirmation, and are audited", async () => {
  const { mcp, call, idle } = await startMemories();
  const { key } = (await call("POST", "/keys", { name: "reader", role: "viewer" })).body;
  const viewer = await connectHttp("2026", mcp, key);
  expect(await viewer.names()).toEqual(readers);
  const id = "one/CTX/kayak";
  for (const [name, input] of [
    ["forget", { id }],
    ["sync_now", { connectorId: "one" }],
  ] as const)
    expect(await viewer.call(name, input)).toMatchObject({
      isError: true,
      says: { code: "API_ROLE_REFUSED" },
    });

  const admin = await connectHttp("2025", mcp);
  const { annotations } = (await admin.tools()).find(({ name }) => name === "forget");
  expect(annotations).toMatchObject({ destructiveHint: true, readOnlyHint: false });
  const preview = await admin.call("forget", { id });
  expect(preview.says).toMatchObject({
    isForgotten: false,
    places: [{ connectorId: "one", contextId: "CTX" }],
  });
  expect((await admin.call("fetch", { id })).isError).toBe(false);
  for (const confirm of ["yes", "1.x", `${preview.says.confirm}x`])
    expect((await admin.call("forget", { id, confirm })).says).toMatchObject({ code: "NOT_CONFIRMED" });
  const other = `one/CTX/${encodeURIComponent(awkwardId)}`;
  expect((await admin.call("forget", { id: other, confirm: preview.says.confirm })).says).toMatchObject({
    code: "NOT_CONFIRMED",
  });
  expect((await admin.call("forget", { id, confirm: preview.says.confirm })).says.isForgotten).toBe(true);
  expect((await admin.call("search", { text: "kayak" })).says.memories).toEqual([]);

  const run = await admin.call("sync_now", { connectorId: "one" });
  await eventually(idle);
  const { entries } = (await call("GET", "/audit?limit=50")).body;
  const audited = entries.filter((entry: { action: string }) =>
    ["memory.erase", "run.trigger"].includes(entry.action),
  );
  expect(audited.map((entry: { subject: string }) => entry.subject)).toEqual(
    expect.arrayContaining(["kayak", "one"]),
  );
  expect(JSON.stringify(audited)).toContain(run.says.runId);
}, 60_000);

test("what a caller gets wrong is said with code and hint; who may not call is refused before", async () => {
  const { url, mcp } = await startMemories();
  const client = await connectHttp("2026", mcp);
  const wrong = [
    ["search", { txt: "a" }, { code: "API_REQUEST_INVALID", hint: 'did you mean "text"?' }],
    ["search", { since: "yesterday" }, { code: "API_REQUEST_INVALID", subject: "since" }],
    ["search", { since: "2025-01-02T00:00:00Z", until: "2025-01-01T00:00:00Z" }, { code: "RANGE_REVERSED" }],
    ["search", { cursor: "nonsense" }, { code: "STATE_CURSOR_INVALID" }],
    ["search", { limit: 0 }, { code: "API_REQUEST_INVALID", subject: "limit" }],
    ["search", { connectorId: "nobody" }, { code: "CONNECTOR_UNKNOWN" }],
    ["fetch", {}, { code: "API_REQUEST_INVALID", subject: "id" }],
    ["fetch", { id: "%E0%A4%A" }, { code: "MEMORY_UNKNOWN" }],
    ["fetch", { id: "one/CTX/none" }, { code: "MEMORY_UNKNOWN" }],
    ["entity", { name: "zo" }, { code: "ENTITY_UNKNOWN", hint: "there are: Zoë" }],
    ["ask", { question: "" }, { code: "API_REQUEST_INVALID", subject: "question" }],
    ["sync_now", { connectorId: "none" }, { code: "CONNECTOR_UNKNOWN" }],
  ] as const;
  for (const [name, input, says] of wrong)
    expect([name, await client.call(name, input)]).toMatchObject([name, { isError: true, says }]);
  await expect(client.call("drop_everything")).rejects.toThrow(
    /there is no tool "drop_everything"; there are: search/u,
  );

  await expect(connectHttp("2025", mcp, "wrong")).rejects.toThrow(/API_KEY_REFUSED/u);
  await expect(connectHttp("2026", mcp, null)).rejects.toThrow();
  const post = (headers: Record<string, string>, body = "{}") =>
    fetch(mcp, {
      method: "POST",
      headers: { "x-api-key": adminKey, "content-type": "application/json", ...headers },
      body,
    });
  expect((await post({ origin: "https://evil.example" })).status).toBe(403);
  expect((await post({ "content-type": "text/plain" })).status).toBe(415);
  expect((await post({}, "{")).status).toBe(400);
  expect((await post({}, JSON.stringify({ much: "x".repeat(300_000) }))).status).toBe(413);
  for (const method of ["GET", "DELETE"])
    expect((await fetch(mcp, { method, headers: { "x-api-key": adminKey } })).status).toBe(405);
  expect((await fetch(`${url}/health`)).status).toBe(200);
}, 60_000);

test("every result keeps its budget, and its cursor leads through all of it without a loss or a double", async () => {
  const { mcp } = await startMemories({ many: 60 });
  const client = await connectHttp("2026", mcp);
  const maxTokens = 700;
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { says, bytes } = await client.call("search", { maxTokens, limit: 50, cursor });
    expect(bytes).toBeLessThanOrEqual(maxTokens * bytesPerToken);
    expect(says.leftOut === null).toBe(says.cursor === null);
    ids.push(...says.memories.map(({ id }: { id: string }) => id));
    cursor = says.cursor ?? undefined;
  } while (cursor !== undefined);
  expect([ids.length, new Set(ids).size]).toEqual([62, 62]);

  for (const [name, input] of [
    ["ask", { question: "Who mends the kayak?", limit: 50 }],
    ["entity", { name: "Zoë" }],
    ["fetch", { id: "one/CTX/kayak" }],
    ["timeline", {}],
    ["status", {}],
  ] as const) {
    const { bytes, says } = await client.call(name, { ...input, maxTokens: 500 });
    expect([name, bytes <= 500 * bytesPerToken, says]).toMatchObject([name, true, {}]);
  }
  const nothing = await client.call("search", { person: "Nobody" });
  expect(nothing.says).toMatchObject({ memories: [], note: /no memory matches|Of one the ledger/u });
}, 90_000);

test("parallel calls are answered each with its own; over a base path links stay below it", async () => {
  const { url } = await startMemories({ api: `{ api_key: ${adminKey}, base_path: /deep/er }` });
  const client = await connectHttp("2026", `${url}/deep/er/mcp`);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      client.call("search", { text: index % 2 === 0 ? "kayak" : "harbour" }),
    ),
  );
  for (const [index, { says }] of answers.entries())
    expect(says.memories).toMatchObject([
      {
        link: expect.stringMatching(
          index % 2 === 0 ? /\/deep\/er\/#\/memories\/one\/CTX\/kayak$/u : /\/walk%2F2024/u,
        ),
      },
    ]);
}, 60_000);

test("over stdio it works without a service, on the state itself, and ends with its client", async () => {
  const { world, service } = await startMemories();
  const client = await connectStdio("2026", world.folder, "--allow-writes");
  expect((await client.call("search", { text: "kayak" })).says.memories).toHaveLength(1);
  await service.stop();
  expect((await client.call("search", { text: "kayak" })).says.memories).toMatchObject([
    { id: "one/CTX/kayak", link: null },
  ]);
  expect((await client.call("ask", { question: "Who mends the kayak?" })).says.sources[0].id).toBe(
    "one/CTX/kayak",
  );
  expect((await client.call("sync_now", { connectorId: "one" })).says).toMatchObject({
    code: "SERVICE_UNREACHABLE",
  });
  const { says } = await client.call("forget", { id: "one/CTX/kayak" });
  expect((await client.call("forget", { id: "one/CTX/kayak", confirm: says.confirm })).says.isForgotten).toBe(
    true,
  );
  const pid = client.pid as number;
  await client.close();
  await eventually(() => !isAlive(pid));
}, 60_000);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
