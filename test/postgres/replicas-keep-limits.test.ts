import { randomBytes } from "node:crypto";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { startGeocoderServer } from "../support/geocoder-server.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const server = process.env.TEST_POSTGRES_URL;
const memories = 24;
const maxInFlight = 4;

/** Two replicas on one database, with a connector for each, whose documents go to one LightRAG; every memory is somewhere else. */
async function startReplicas(transformation = "{}", blocks = "") {
  const world = await makeWorld(0);
  for (const [turn, context] of ["CTX", "OTHER"].entries())
    world.memoryApi.put(
      context,
      ...makeApiMemories(memories, Date.now()).map((memory, index) => ({
        ...memory,
        id: `${context}-${memory.id}`,
        location_lat: 40 + index,
        location_lon: 10 + turn,
      })),
    );
  const { options } = world.lightrag;
  options.processingMs = 150;
  options.parallel = 100;
  const path = `${server}?schema=test_${randomBytes(6).toString("hex")}`;
  const connector = (id: string, context: string) =>
    `{ id: ${id}, context_id: ${context}, ingestion: { query_range: all }, schedule: { type: manual }, transformation: ${transformation} }`;
  world.configure(
    `connectors: [${connector("one", "CTX")}, ${connector("two", "OTHER")}]\nstate: { url: "${path}" }\n${blocks}`,
    { lightrag: `{ api: { url: "${world.lightrag.url}", max_in_flight: ${maxInFlight} } }` },
  );
  const other = temporaryFolder();
  copyFileSync(join(world.folder, "config.yaml"), join(other, "config.yaml"));
  const services = [await startService(world.folder), await startService(other)] as const;
  return { ...world, services };
}

describe.skipIf(server === undefined)("limits of replicas on one database", () => {
  test("documents in flight at a LightRAG are as many as configured, however many replicas send it some", async () => {
    const { lightrag, services } = await startReplicas();
    const inFlight = () => lightrag.documents().filter(({ status }) => status !== "processed").length;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, inFlight());
    }, 5);
    await Promise.all(
      ["one", "two"].map((id, index) =>
        callApi(services[index]?.url("api") ?? "", "POST", `/connectors/${id}/trigger`),
      ),
    );
    await eventually(() => lightrag.documents().length === 2 * memories && inFlight() === 0);
    clearInterval(watch);
    expect(most).toBeLessThanOrEqual(maxInFlight);
    expect(most).toBeGreaterThan(1);
    for (const service of services) await service.stop();
  });

  test("a geocoder is asked no more often than configured, however many replicas ask it", async () => {
    const perSecond = 2;
    const geocoder = await startGeocoderServer();
    const { lightrag, services } = await startReplicas(
      "{ strategy: rich, geocoding: true }",
      `geocoder: { provider: nominatim, url: "${geocoder.url}", contact: ops@example.org, requests_per_second: ${perSecond} }
advanced: { pipeline: { max_concurrent_connectors: 1 } }`,
    );
    lightrag.options.processingMs = 0;
    await Promise.all(
      ["one", "two"].map((id, index) =>
        callApi(services[index]?.url("api") ?? "", "POST", `/connectors/${id}/trigger`),
      ),
    );
    await eventually(() => lightrag.documents().length === 2 * memories);
    const times = geocoder.asked.map(({ at }) => at);
    expect(times.length).toBe(2 * memories);
    // Each replica may ask once after a rest; a slow machine only asks less often.
    const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
    expect(seconds).toBeGreaterThan((2 * memories - services.length - 2) / perSecond);
    for (const service of services) await service.stop();
  });

  test("wrong keys count over all replicas, and a right one is accepted by each", async () => {
    const { services } = await startReplicas();
    const call = (index: number, key: string) =>
      callApi(services[index]?.url("api") ?? "", "GET", "/connectors", { key });
    for (let tries = 0; tries < 10; tries++) expect((await call(0, `wrong-${tries}`)).status).toBe(401);
    await expect.poll(async () => (await call(1, "wrong")).status, { timeout: 5_000 }).toBe(429);
    for (const index of [0, 1]) expect((await call(index, adminKey)).status).toBe(200);
    for (const service of services) await service.stop();
  });
});
