import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { onTestFinished } from "vitest";
import { ApiKeys } from "../../src/access/api-keys.ts";
import { apiPartsOf } from "../../src/api/serve-api.ts";
import { startApiServer } from "../../src/api/server.ts";
import { ConfigManager } from "../../src/config/config-manager.ts";
import { type Clock, systemClock } from "../../src/kernel/util/clock.ts";
import { App } from "../../src/runtime/app.ts";
import { Service } from "../../src/runtime/service/service.ts";
import { SteppedClock } from "./stepped-clock.ts";
import { temporaryFolder } from "./temp-folder.ts";

const configuredKey = "configured-key";
const withKey = `api: { api_key: ${configuredKey} }`;
const rest = `
memory_api: { url: "http://127.0.0.1:1" }
connectors: [{ id: one, context_id: CTX }]
`;

/** The API in this process over a state of its own, with a clock that the test moves. No run ever starts. */
export async function startTestApi(api = withKey, { pageFolder }: { pageFolder?: string } = {}) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "config.yaml"), api + rest);
  const clock = new SteppedClock();
  const { app, server, service } = await serveFolder(folder, {
    clock,
    schedules: false,
    ...(pageFolder !== undefined && { pageFolder }),
  });
  onTestFinished(async () => {
    await server.close();
    await service.close();
    await app.close();
  });
  const keys = new ApiKeys({ store: app.state.apiKeys, configured: () => null, clock });
  return { url: server.url, server, app, keys, clock, configuredKey };
}

/** The API in this process, over the configuration and the state of a folder; with `schedules` it runs its connectors, too. */
export async function serveFolder(
  folder: string,
  { clock = systemClock, schedules, ...page }: { clock?: Clock; schedules: boolean; pageFolder?: string },
) {
  const manager = ConfigManager.load({ path: "config.yaml", environment: {}, workingFolder: folder });
  const app = await App.open(manager, { readOnly: false });
  const console = new PassThrough().resume();
  const service = new Service({ manager, app, schedules, console, clock });
  const log = service.observation.logs.service;
  const parts = { ...apiPartsOf(service), clock };
  const server = await startApiServer({ parts, config: manager.config.api, log, port: 0, ...page });
  if (schedules) await service.start(new AbortController().signal);
  return { app, server, service };
}
