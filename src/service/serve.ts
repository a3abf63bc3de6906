import type { Writable } from "node:stream";
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
    await systemd.ready();
    await stopped.promise;
  } finally {
    systemd.close();
    await api?.close();
    await service.close();
  }
}

function startApi(service: Service, { manager, port }: ServeOptions): Promise<ApiServer> {
  const log = service.observation.logs.service;
  return startApiServer({ parts: apiPartsOf(service), config: manager.config.api, log, port });
}

function announce(service: Service, api: ApiServer | null, tell: (line: string) => void): void {
  if (api !== null) {
    tell(`api        ${api.url}`);
    tell(`docs       ${api.url}/docs`);
  }
  const metricsUrl = service.metricsUrl ?? (api && `${api.url}/metrics`);
  if (metricsUrl !== null) tell(`metrics    ${metricsUrl}`);
  tell("ready");
}
