import { randomBytes } from "node:crypto";
import { hasNotEnded } from "../access/api-keys.ts";
import type { ConfigManager } from "../config/config-manager.ts";
import { systemClock } from "../kernel/util/clock.ts";
import type { Service } from "../runtime/service/service.ts";
import { writeConnectionFile } from "./access/connection-file.ts";
import { Tickets } from "./access/tickets.ts";
import type { ApiParts } from "./route.ts";
import { type ApiServer, startApiServer } from "./server.ts";

export interface ServeApiOptions {
  manager: ConfigManager;
  serves: { api: boolean };
  /** 0 for any free port. */
  port: number;
  /** Once it has aborted the API is not begun any more. */
  signal: AbortSignal;
}

/** The API is there until `work` has ended, when this process serves it. */
export async function withApi(
  service: Service,
  options: ServeApiOptions,
  work: (api: ApiServer | null) => Promise<void>,
): Promise<void> {
  const { manager, serves, signal } = options;
  if (!serves.api || !manager.config.api.enabled || signal.aborted) return work(null);
  const api = await startApi(service, options);
  try {
    await work(api);
  } finally {
    await api.close();
  }
}

/** Commands on the same state find the API and need no key. */
async function startApi(service: Service, { manager, port }: ServeApiOptions): Promise<ApiServer> {
  const log = service.observation.logs.service;
  const { api: config, state } = manager.config;
  const localKey = randomBytes(32).toString("base64url");
  const api = await startApiServer({ parts: apiPartsOf(service), config, log, port, localKey });
  const removeFile = await writeConnectionFile(state.path, { url: api.url, key: localKey });
  return { url: api.url, close: () => removeFile().finally(() => api.close()) };
}

/** What a person types who wants to call the API and has no key yet; null when there is one, or none is asked for. */
export async function missingKey({ app }: Service): Promise<string | null> {
  const { api, state } = app.config;
  const { enableAuth, apiKey } = api;
  if (!enableAuth || apiKey !== null) return null;
  const now = Date.now();
  if ((await app.state.apiKeys.list()).some((key) => hasNotEnded(key, now))) return null;
  // That state is one process's at a time.
  const first = state.backend === "json" ? "when this service is stopped: " : "";
  return `none yet; commands on this state need none, others do: ${first}\`memory-connector keys create --name NAME --role admin\``;
}

/** What the API sees of a service. */
export function apiPartsOf(service: Service): ApiParts {
  const { app, observation } = service;
  return {
    app,
    service,
    health: () => service.health(),
    isReady: () => !service.isStopping,
    metrics: observation.metrics,
    tickets: new Tickets(systemClock),
    clock: systemClock,
  };
}
