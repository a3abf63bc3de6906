import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { eventually, makeWorld, type RunningService, startService } from "../support/service.ts";

const paths = ["/connectors", "/connectors/one/status", "/connectors/one/history", "/runs", "/health"];

test("good and broken files by SIGHUP, while a run works and requests pour in, lose neither the run nor a request", async () => {
  const { folder, lightrag, configure } = await makeWorld(60);
  const good = (description: string) =>
    configure(`connectors: [{ id: one, context_id: CTX, description: "${description}" }]`);
  good("first");
  lightrag.options.processingMs = 100;
  const service = await startService(folder);
  const api = service.url("api");
  const { runId } = (await callApi(api, "POST", "/connectors/one/trigger")).body;
  const load = pourIn(api);

  for (let round = 0; round < 4; round++) {
    good(`round ${round}`);
    await hangUp(service, async () => (await connector(api)).description === `round ${round}`);
    configure(`connectors: [{ id: one, context_id: CTX, description: ${round}, scedule: {} }]`);
    await hangUp(service, async () => (await configuration(api)) === "degraded");
    expect((await connector(api)).description).toBe(`round ${round}`);
  }
  good("last");
  await hangUp(service, async () => (await configuration(api)) === "ok");

  const run = await eventually(async () => {
    const { body } = await callApi(api, "GET", `/runs/${runId}`);
    return body.endedAt !== null && body;
  });
  const { asked, failed } = await load.stop();
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(100);
  expect(run).toMatchObject({ outcome: "success", counts: { processed: 60 } });
  expect(lightrag.documents()).toHaveLength(60);
  expect((await service.stop()).code).toBe(0);
});

async function hangUp(service: RunningService, until: () => Promise<boolean>): Promise<void> {
  service.child.kill("SIGHUP");
  await eventually(until);
}

async function connector(api: string) {
  return (await callApi(api, "GET", "/connectors/one")).body;
}

async function configuration(api: string): Promise<string> {
  return (await callApi(api, "GET", "/health")).body.details.parts.configuration.status;
}

/** Asks one after the other, on several connections, until it is stopped. */
function pourIn(api: string) {
  let stopped = false;
  let asked = 0;
  const failed: string[] = [];
  const askOn = async () => {
    while (!stopped) {
      const path = paths[asked++ % paths.length] ?? "/runs";
      const { status } = await callApi(api, "GET", path);
      if (status !== 200) failed.push(`${path}: ${status}`);
    }
  };
  const asking = Promise.all([askOn(), askOn(), askOn(), askOn()]);
  return {
    stop: async () => {
      stopped = true;
      await asking;
      return { asked, failed };
    },
  };
}

test("a broken file that is put back is told twice: that it was refused, and that it is the one in force again", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: []");
  const service = await startService(folder);
  const path = join(folder, "config.yaml");
  const good = readFileSync(path, "utf8");
  writeFileSync(path, "connectors: [");
  await service.says("the changed configuration was refused");
  writeFileSync(path, good);
  await service.says("the configuration is again the one in force");
  await service.stop();
});
