import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { mp3, startMediaModelServer } from "../support/media-model-server.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";

/** A service whose LightRAG cannot process the memories of these numbers, of six. One item more is malformed. */
async function startWithDeadLetters(refuseText: string) {
  const { folder, lightrag, memoryApi, configure } = await makeWorld(0);
  memoryApi.put("CTX", ...makeApiMemories(6), { id: "broken", created_at: "never" });
  lightrag.model = { refuseText };
  configure(
    "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all }, retry: { max_attempts: 1 } }]",
  );
  const service = await startService(folder);
  const call = (method: string, path: string, body?: unknown) =>
    callApi(service.url("api"), method, `/connectors/one${path}`, { body });
  const sync = async () => {
    await call("POST", "/trigger");
    await eventually(async () => (await call("GET", "/status")).body.activeRun === null);
  };
  await sync();
  return { service, lightrag, call, sync };
}

const idsOf = (rows: { memoryId: string }[]) => rows.map(({ memoryId }) => memoryId);

test("a dead letter is shown, replayed and delivered; what is none any more is unknown", async () => {
  const { service, lightrag, call, sync } = await startWithDeadLetters("number 3");
  const listed = await call("GET", "/dead-letters?code=SINK_DOCUMENT_FAILED");
  expect(idsOf(listed.body.deadLetters)).toEqual(["m3"]);
  const shown = await call("GET", "/dead-letters/CTX/m3");
  expect(shown.body).toMatchObject({ status: "dead", error: { code: "SINK_DOCUMENT_FAILED" } });

  lightrag.model = {};
  const replayed = await call("POST", "/dead-letters/CTX/m3/replay");
  // What LightRAG keeps of the failed attempt goes first.
  expect([replayed.status, replayed.body.status]).toEqual([200, "deleting"]);
  await sync();
  expect((await call("GET", "/memories/CTX/m3")).body.status).toBe("processed");
  for (const action of ["/replay", "/drop"]) {
    const again = await call("POST", `/dead-letters/CTX/m3${action}`);
    expect(again.body).toMatchObject({ status: 404, code: "DEAD_LETTER_UNKNOWN" });
  }
  expect((await call("GET", "/dead-letters/CTX/m3")).status).toBe(404);
  await service.stop();
});

test("a dead letter that has nothing to send cannot be replayed, but dropped", async () => {
  const { service, call } = await startWithDeadLetters("nothing");
  const refused = await call("POST", "/dead-letters/CTX/broken/replay");
  expect(refused.body).toMatchObject({ status: 409, code: "DEAD_LETTER_EMPTY" });
  expect((await call("POST", "/dead-letters/CTX/broken/drop")).body.status).toBe("skipped");
  expect((await call("GET", "/dead-letters")).body.deadLetters).toEqual([]);
  await service.stop();
});

test("several dead letters are replayed or dropped by id, by context and by code", async () => {
  const { service, call } = await startWithDeadLetters("number");
  const act = async (choice: object) => (await call("POST", "/dead-letters", choice)).body;
  expect(await act({ action: "drop", memoryIds: ["m0", "m1"] })).toMatchObject({ memoryIds: ["m0", "m1"] });
  expect(await act({ action: "replay", contextId: "OTHER" })).toMatchObject({ memoryIds: [] });
  expect(await act({ action: "drop", contextId: "CTX", codes: ["MEMORY_MALFORMED"] })).toMatchObject({
    memoryIds: ["broken"],
  });
  expect((await act({ action: "replay", all: true })).memoryIds).toEqual(["m2", "m3", "m4", "m5"]);
  expect(await act({ action: "replay" })).toMatchObject({ status: 400, code: "API_REQUEST_INVALID" });
  await service.stop();
});

test("media that a model cannot read are listed, dropped and replayed through this door, too", async () => {
  const { folder, memoryApi, configure } = await makeWorld(0);
  const models = await startMediaModelServer();
  for (const id of ["one", "two", "late"]) {
    const created_at = "2026-01-01T00:00:00Z";
    memoryApi.put("CTX", { id, type: "record", audio: true, image: false, transcript: "", created_at });
    if (id !== "late") memoryApi.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id));
  }
  models.answerWith(() => ({ status: 400, body: "{}" }));
  configure(`media: { transcription: { base_url: "${models.url}", model: hears } }
connectors:
  - id: one
    context_id: CTX
    ingestion: { query_range: all }
    transformation: { include_audio: true }
    retry: { max_attempts: 1 }`);
  const service = await startService(folder);
  const call = (method: string, path: string, body?: unknown) =>
    callApi(service.url("api"), method, `/connectors/one${path}`, { body });
  const sync = async () => {
    await call("POST", "/trigger");
    await eventually(async () => (await call("GET", "/status")).body.activeRun === null);
  };
  const deadMedia = async () => idsOf((await call("GET", "/dead-letters")).body.deadMedia);
  await sync();
  expect(await deadMedia()).toEqual(["one", "two"]);
  expect((await call("GET", "/status")).body.scope).toMatchObject({ deadMedia: 2, waiting: { media: 1 } });
  expect((await call("POST", "/dead-letters/CTX/two/drop")).status).toBe(200);
  models.answerWith(null);
  memoryApi.putMedium("CTX", "late", "audio", "audio/mpeg", mp3("late"));
  const replayed = await call("POST", "/dead-letters", {
    action: "replay",
    memoryIds: ["one", "two", "late"],
  });
  expect(replayed.body.memoryIds).toEqual(["late", "one"]);
  expect(await deadMedia()).toEqual([]);
  await sync();
  expect(models.calls.at(-1)?.words).toMatch(/one|late/u);
  expect((await call("GET", "/memories/CTX/late")).body.status).toBe("processed");
  expect((await call("GET", "/status")).body.scope).toMatchObject({ deadMedia: 0, waiting: { media: 0 } });
  await service.stop();
});
