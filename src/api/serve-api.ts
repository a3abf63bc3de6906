import { randomBytes } from "node:crypto";
import { hasNotEnded } from "../access/api-keys.ts";
import type { ConfigManager } from "../config/config-manager.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { reachableUrl } from "../kernel/util/url.ts";
import type { Service } from "../runtime/service/service.ts";
import { capabilitiesOf } from "../state/open-state.ts";
import { writeConnectionFile } from "./access/connection-file.ts";
import { SeenMessages } from "./access/seen-messages.ts";
import { signInLinkMs, Tickets, ticketMs } from "./access/tickets.ts";
import type { ApiParts } from "./route.ts";
import { type ApiServer, startApiServer } from "./server.ts";

export interface ServeApiOptions {
  manager: ConfigManager;
  serves: { api: boolean };
  /** 0 for any free port. */
  port: number;
  /** After its abort the API is no longer started. */
  signal: AbortSignal;
}

export interface ServedApi extends ApiServer {
  /** Where its page is, with a link that signs in once; only for whoever has started the service. */
  signInAddress(): string;
  /** Where its page is. */
  pageAddress: string;
}

/** Serves the API until `work` has ended, if this process is to serve it. */
export async function withApi(
  service: Service,
  options: ServeApiOptions,
  work: (api: ServedApi | null) => Promise<void>,
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

/** Commands on the same state find the API by its connection file and need no key. */
async function startApi(service: Service, { manager, port }: ServeApiOptions): Promise<ServedApi> {
  const log = service.observation.logs.service;
  const { api: config, state } = manager.config;
  const localKey = randomBytes(32).toString("base64url");
  const parts = apiPartsOf(service);
  const api = await startApiServer({ parts, config, log, port, localKey });
  const url = reachableUrl(api.url);
  // A browser's session belongs to what lies below the base path, and so do links.
  const pageAddress = `${url}${config.basePath}/`;
  const removeFile = await writeConnectionFile(state.localPath, {
    url: url + config.basePath,
    key: localKey,
  });
  return {
    url,
    pageAddress,
    signInAddress: () => {
      if (!config.enableAuth) return pageAddress;
      // Behind the fragment it is in no request and in no log.
      return `${pageAddress}#/sign-in?link=${parts.signInLinks.issue({ kind: "key", secret: localKey })}`;
    },
    close: () => removeFile().finally(() => api.close()),
  };
}

/** The command that creates a first key to the API; null when there is a key, or none is required. */
export async function missingKey({ app }: Service): Promise<string | null> {
  const { api, state } = app.config;
  const { enableAuth, apiKey } = api;
  if (!enableAuth || apiKey !== null) return null;
  const now = Date.now();
  if ((await app.state.apiKeys.list()).some((key) => hasNotEnded(key, now))) return null;
  const first = capabilitiesOf(state.backend).sharedByProcesses ? "" : "when this service is stopped: ";
  return `none yet; commands on this state need none, others do: ${first}\`memory-connector keys create --name NAME --role admin\``;
}

/** The dependencies of the API's routes, from the service. */
export function apiPartsOf(service: Service): ApiParts {
  const { app, observation } = service;
  return {
    app,
    service,
    health: () => service.health(),
    isReady: () => !service.isStopping,
    metrics: observation.metrics,
    tracer: () => observation.tracer,
    tickets: new Tickets(systemClock, ticketMs),
    signInLinks: new Tickets(systemClock, signInLinkMs),
    messages: new SeenMessages(systemClock),
    clock: systemClock,
  };
}
