import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";

const directMode = { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" };
const awkwardId = "walk/2024?no=1#ü 😀%2F";

/** A service that indexes into a folder of its own; `one` has synced two memories that speak of people. */
async function startKnowledge() {
  const world = await makeWorld(0);
  const [first, second] = makeApiMemories(2, Date.UTC(2024, 4, 1, 10));
  world.memoryApi.put(
    "CTX",
    { ...first!, id: "kayak", transcript: "Ivan: Nora, will Zoë mend the old kayak in Lisbon?" },
    { ...second!, id: awkwardId, transcript: "Nora: Zoë works for the Harbour Museum in Lisbon." },
  );
  world.configure(
    "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }, { id: many, context_id: MANY, ingestion: { query_range: all } }]",
    directMode,
  );
  const service = await startService(world.folder);
  const call = (method: string, path: string, body?: unknown) =>
    callApi(service.url("api"), method, path, { body });
  const activeRun = async (id: string) => (await call("GET", `/connectors/${id}/status`)).body.activeRun;
  await call("POST", "/connectors/one/trigger");
  await eventually(async () => (await activeRun("one")) === null);
  return { world, service, call, activeRun };
}

test("a question, an entity and a memory lead to each other, whatever characters their names have", async () => {
  const { service, call } = await startKnowledge();
  const found = await call("POST", "/query", { question: "Who mends the kayak?", topK: 5 });
  expect([found.status, found.body.chunks[0].memory.memoryId]).toEqual([200, "kayak"]);
  expect(found.body).toMatchObject({ mode: "mix", answer: null });
  const own = await call("POST", "/query", { question: "kayak", mode: "naive", connectorId: "one" });
  expect(own.body.entities).toEqual([]);

  const { names } = (await call("GET", "/connectors/one/entities?contains=zo&limit=5")).body;
  expect(names).toEqual(["Zoë"]);
  const entity = await call("GET", `/connectors/one/entities/${encodeURIComponent("Zoë")}`);
  expect(entity.body).toMatchObject({ entity: { name: "Zoë" }, complete: true });
  expect(entity.body.relations.length).toBeGreaterThan(0);
  expect(entity.body.chunkIds).toHaveLength(2);
  expect(entity.body.memories.map(({ memoryId }: { memoryId: string }) => memoryId).toSorted()).toEqual(
    ["kayak", awkwardId].toSorted(),
  );
  const pages = [];
  for (let after: string | null | undefined; after !== null; ) {
    const next: string = after === undefined ? "" : `&after=${after}`;
    const { body } = await call(
      "GET",
      `/connectors/one/entities/${encodeURIComponent("Zoë")}?limit=1${next}`,
    );
    pages.push(body);
    after = body.next;
  }
  expect(pages.flatMap(({ memories }) => memories)).toEqual(entity.body.memories);
  expect(pages.flatMap(({ chunkIds }) => chunkIds)).toEqual(entity.body.chunkIds);
  expect(pages.flatMap(({ relations }) => relations)).toEqual(entity.body.relations);
  expect(pages.flatMap((page) => page.entity.memoryIds)).toEqual(entity.body.entity.memoryIds);
  expect(pages.every(({ chunkIds, relations }) => chunkIds.length <= 1 && relations.length <= 1)).toBe(true);
  const foreign = await call("GET", "/connectors/one/entities/Nora?after=none");
  expect(foreign.body).toMatchObject({ status: 400, code: "STATE_CURSOR_INVALID" });
  for (const memory of entity.body.memories) {
    expect(memory).toMatchObject({ contextId: "CTX", status: "processed", recordedAt: /^2024-05-01T/u });
    expect(memory.documentId).toMatch(/^doc-/u);
  }

  const path = `/connectors/one/memories/CTX/${encodeURIComponent(awkwardId)}`;
  expect((await call("GET", path)).body).toMatchObject({ memoryId: awkwardId, status: "processed" });
  const spoken = (await call("GET", `${path}/entities`)).body.entities as { name: string }[];
  expect(spoken.map(({ name }) => name)).toEqual(expect.arrayContaining(["Zoë", "Harbour Museum"]));

  const nobody = await call("GET", `/connectors/one/entities/${encodeURIComponent("zoë/😀")}`);
  expect(nobody.body).toMatchObject({ status: 404, code: "ENTITY_UNKNOWN", subject: "zoë/😀" });
  expect((await call("GET", "/connectors/one/entities/zo")).body.hint).toBe("there are: Zoë");
  expect((await call("GET", "/connectors/one/memories/CTX/none")).body.code).toBe("MEMORY_UNKNOWN");
  expect((await call("POST", "/query", { question: "x", connectorId: "none" })).status).toBe(404);
  await service.stop();
});

test("questions are answered while a sync fills the folder of the same process", async () => {
  const { world, service, call, activeRun } = await startKnowledge();
  world.memoryApi.put("MANY", ...makeApiMemories(613));
  await call("POST", "/connectors/many/trigger");
  await eventually(async () => {
    const { memories } = (await call("GET", "/connectors/many/status")).body;
    return memories.submitted + memories.processed > 0;
  });
  const found = await call("POST", "/query", { question: "Who mends the kayak?" });
  expect(await activeRun("many")).not.toBeNull();
  expect([found.status, found.body.chunks[0].memory.memoryId]).toEqual([200, "kayak"]);
  await eventually(async () => (await activeRun("many")) === null);
  const { body } = await call("GET", "/connectors/many/history");
  expect(body.runs[0]).toMatchObject({ outcome: "success", counts: { processed: 613 } });
  await service.stop();
});
