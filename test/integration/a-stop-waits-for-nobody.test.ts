import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import type { SimulatedFault } from "../support/lightrag-simulator-faults.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import type { MemoryApiFault } from "../support/memory-api-faults.ts";
import { adminKey, cliJson, eventually, makeWorld, startService, type World } from "../support/service.ts";
import { startReceiver } from "../support/webhook-receiver.ts";

/** Nothing but the stop itself ends a wait: every answer may take an hour, and so may the stop. */
const patient = "advanced: { shutdown_timeout: 1h, pipeline: { max_concurrent_connectors: 5 } }";
const hourly = `connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1h }, ingestion: { query_range: all } }]`;

async function makePatientWorld(rest: string) {
  const world = await makeWorld(3);
  const { memoryApi, lightrag, configure } = world;
  configure(`${patient}\n${rest}`, {
    memory_api: `{ url: "${memoryApi.url}", api_key: ${memoryApi.key}, timeout: 1h, max_retries: 100 }`,
    lightrag: `{ api: { url: "${lightrag.url}", timeout: 1h, max_retries: 100, circuit_breaker: { cooldown: 1h } } }`,
  });
  return world;
}

/** LightRAG does with a route what the fault says, for ever; true once that has been met. */
function atLightRag({ lightrag }: World, route: string, fault: Partial<SimulatedFault> = {}) {
  lightrag.fail({ route, kind: "hang", acts: true, times: Number.POSITIVE_INFINITY, ...fault });
  return () => (lightrag.requests[route] ?? 0) > 0;
}

/** The Memory API answers requests of this kind with a fault, for ever; true once that has been met. */
function atSource({ memoryApi }: World, part: string, fault: MemoryApiFault) {
  let met = 0;
  memoryApi.faultFor = ({ path }) => {
    if (!path.includes(part)) return undefined;
    met += 1;
    return fault;
  };
  return () => met > 0;
}

const hangs: readonly [string, (world: World) => () => boolean][] = [
  ["LightRAG does not say who it is", (world) => atLightRag(world, "GET /auth-status")],
  ["LightRAG breaks every connection", (world) => atLightRag(world, "GET /auth-status", { kind: "reset" })],
  [
    "LightRAG asks to come back in an hour",
    (world) =>
      atLightRag(world, "GET /auth-status", {
        kind: "answer",
        answer: { status: 503, body: {}, headers: { "retry-after": "3600" } },
      }),
  ],
  ["LightRAG does not answer an insert", (world) => atLightRag(world, "POST /documents/texts")],
  ["LightRAG shows no status", (world) => atLightRag(world, "GET /documents/track_status")],
  ["the source gives no list", (world) => atSource(world, "/memory/CTX", { kind: "silent" })],
  ["the source stops in its list", (world) => atSource(world, "/memory/CTX", { kind: "hang-in-body" })],
];

test.each(hangs)("a stop cuts a run short when %s", async (_, hang) => {
  const world = await makePatientWorld(hourly);
  const isMet = hang(world);
  const service = await startService(world.folder, "--scheduler-only");
  await eventually(isMet);
  expect((await service.stop()).code).toBe(0);
  expect((await cliJson(world.folder, "history")).runs[0].outcome).toBe("cancelled");
});

test("a run that a stop cut short is taken up at the next start, with nothing doubled", async () => {
  const world = await makePatientWorld(hourly);
  const isMet = atLightRag(world, "POST /documents/texts");
  const service = await startService(world.folder, "--scheduler-only");
  await eventually(isMet);
  await service.stop();
  world.lightrag.faults.clear();
  const next = await startService(world.folder, "--scheduler-only");
  await eventually(
    async () => (await cliJson(world.folder, "status")).connectors[0].memories.processed === 3,
  );
  expect((await next.stop()).code).toBe(0);
  expect(world.lightrag.documents()).toHaveLength(3);
});

const schedule = "schedule: { type: interval, every: 1h }, ingestion: { query_range: all }";
const memory = makeApiMemories(1, Date.now())[0]!;
const spoken = { ...memory, audio: true, transcript: "" };

test("a stop does not wait for the name of a place", async () => {
  const geocoder = await startReceiver("hang");
  const { folder } = await makePatientWorld(`
geocoder: { provider: nominatim, url: "${geocoder.url}", contact: ops@example.org, timeout: 1h }
connectors: [{ id: one, context_id: CTX, ${schedule}, transformation: { strategy: rich, geocoding: true } }]`);
  const service = await startService(folder, "--scheduler-only");
  await eventually(() => geocoder.posts.length > 0);
  expect((await service.stop()).code).toBe(0);
});

test("a stop does not wait for a recording", async () => {
  const models = await startReceiver();
  const world = await makePatientWorld(`
media: { transcription: { base_url: "${models.url}", model: hears } }
connectors: [{ id: one, context_id: CTX, ${schedule}, transformation: { include_audio: true } }]`);
  world.memoryApi.put("CTX", spoken);
  const isDownloading = atSource(world, "/audio", { kind: "silent" });
  const service = await startService(world.folder, "--scheduler-only");
  await eventually(isDownloading);
  expect((await service.stop()).code).toBe(0);
});

test("a stop does not wait for a receiver of alerts or events", async () => {
  const receiver = await startReceiver(...Array(20).fill("hang"));
  const { folder } = await makePatientWorld(`
monitoring:
  private_addresses: [127.0.0.0/8]
  webhooks: [{ id: all, webhook_url: "${receiver.url}/event" }]
  alerts: { enabled: true, alert_on: [{ consecutive_failures: 1 }], channels: [{ id: ops, type: webhook, webhook_url: "${receiver.url}/alert" }] }
connectors: [{ id: one, context_id: NONE, ${schedule} }]`);
  const service = await startService(folder, "--scheduler-only");
  const posted = (path: string) => receiver.posts.some((post) => post.path === path);
  await eventually(() => posted("/event") && posted("/alert"));
  expect((await service.stop()).code).toBe(0);
});

test("a stop does not wait for an answer that a caller of the API waits for", async () => {
  const world = await makePatientWorld("connectors: [{ id: one, context_id: CTX }]");
  const isMet = atLightRag(world, "POST /query/data");
  const service = await startService(world.folder, "--api-only");
  const asked = callApi(service.url("api"), "POST", "/query", { key: adminKey, body: { question: "Who?" } });
  void asked.catch(() => undefined);
  await eventually(isMet);
  expect((await service.stop()).code).toBe(0);
});
