import { randomBytes } from "node:crypto";
import type { Writable } from "node:stream";
import { hasNotEnded } from "../api/access/key-ring.ts";
import { closeLocalDoor, openLocalDoor } from "../api/access/local-door.ts";
import { type ApiServer, startApiServer } from "../api/server.ts";
import { App } from "../app.ts";
import type { ConfigManager } from "../config/config-manager.ts";
import { apiPartsOf } from "./api-parts-of.ts";
import { Service } from "./service.ts";
import { Systemd } from "./systemd.ts";

export interface SignalHandlers {
  /** SIGINT or SIGTERM; `again` from the second one on. */
  stop(again: boolean): void;
  /** SIGHUP. */
  reload(): void;
}

export interface ServeOptions {
  manager: ConfigManager;
  /** What this process does; another may do the rest on the same state. */
  serves: { api: boolean; schedules: boolean };
  /** Where the API listens; 0 for any free port. */
  port: number;
  console: Writable;
  /** Of the process; systemd says there how it wants to be told. */
  env: Readonly<Record<string, string | undefined>>;
  takeSignals(handlers: SignalHandlers): void;
  /** Something for people to read, a line at a time. */
  tell(line: string): void;
}

/** Runs the service until it is told to stop. Resolves when everything is durable and closed. */
export async function serve(options: ServeOptions): Promise<void> {
  const app = await App.open(options.manager, { readOnly: false });
  try {
    for (const notice of app.state.notices) options.tell(notice);
    await serveWith(app, options);
  } finally {
    await app.close();
  }
}

async function serveWith(app: App, options: ServeOptions): Promise<void> {
  const { manager, serves, console, env, takeSignals, tell } = options;
  const service = new Service({ manager, app, schedules: serves.schedules, console });
  const systemd = new Systemd({ env, isAlive: () => service.isAlive, log: service.observation.logs.service });
  const stopped = Promise.withResolvers<void>();
  takeSignals({
    stop: (again) => {
      tell(again ? "cutting runs short" : "stopping: runs under way may end (once more to cut them short)");
      if (!again) void systemd.stopping();
      service.stop().then(stopped.resolve, stopped.reject);
    },
    reload: () => void service.reloader.reload(),
  });
  let api: ApiServer | null = null;
  try {
    if (serves.api && manager.config.api.enabled) api = await startApi(service, options);
    await service.start();
    announce(service, api, tell);
    const missing = api === null ? null : await missingKey(service);
    if (missing !== null) tell(`keys       ${missing}`);
    tell("ready");
    await systemd.ready();
    await stopped.promise;
  } finally {
    systemd.close();
    await api?.close();
    await service.close();
  }
}

/** Commands on the same state find the API and need no key. */
async function startApi(service: Service, { manager, port }: ServeOptions): Promise<ApiServer> {
  const log = service.observation.logs.service;
  const { api: config, state } = manager.config;
  const localKey = randomBytes(32).toString("base64url");
  const api = await startApiServer({ parts: apiPartsOf(service), config, log, port, localKey });
  const door = { url: api.url, key: localKey };
  await openLocalDoor(state.path, door);
  return {
    url: api.url,
    close: () => closeLocalDoor(state.path, door).finally(() => api.close()),
  };
}

/** What a person types who wants to call the API and has no key yet; null when there is one, or none is asked for. */
async function missingKey({ app }: Service): Promise<string | null> {
  const { api, state } = app.config;
  const { enableAuth, apiKey } = api;
  if (!enableAuth || apiKey !== null) return null;
  const now = Date.now();
  if ((await app.state.apiKeys.list()).some((key) => hasNotEnded(key, now))) return null;
  // That state is one process's at a time.
  const first = state.backend === "json" ? "when this service is stopped: " : "";
  return `none yet; commands on this state need none, others do: ${first}\`memory-connector keys create --name NAME --role admin\``;
}

function announce(service: Service, api: ApiServer | null, tell: (line: string) => void): void {
  if (api !== null) {
    tell(`api        ${api.url}`);
    tell(`docs       ${api.url}/docs`);
  }
  const metricsUrl = service.metricsUrl ?? (api && `${api.url}/metrics`);
  if (metricsUrl !== null) tell(`metrics    ${metricsUrl}`);
}
