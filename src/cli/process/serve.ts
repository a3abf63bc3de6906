import type { Writable } from "node:stream";
import { missingKey, type ServedApi, withApi } from "../../api/serve-api.ts";
import type { ConfigManager } from "../../config/config-manager.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { App } from "../../runtime/app.ts";
import { Service } from "../../runtime/service/service.ts";
import { Systemd } from "../../runtime/service/systemd.ts";

export interface ServeOptions {
  manager: ConfigManager;
  /** The roles of this process; another may have the rest on the same state. */
  serves: { api: boolean; schedules: boolean };
  /** Where the API listens; 0 for any free port. */
  port: number;
  console: Writable;
  /** Whether its logs may be coloured. */
  colours: boolean;
  /** Whether they go to a terminal. */
  isTerminal?: boolean;
  /** The environment of the process; systemd passes its notification socket in it. */
  env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the service has to stop; active runs may end first. */
  signal: AbortSignal;
  /** Aborts when active runs have to stop, too. */
  cutShort: AbortSignal;
  /** Calls the listener at every SIGHUP. */
  onHangUp(listener: () => void): void;
  /** Called with the time limit of a stop, at each change. Milliseconds. */
  endWithin(ms: number): void;
  /** Something for people to read, a line at a time. */
  print(line: string): void;
  /** The summary for a person at a terminal once the schedules are known; absent elsewhere. */
  overview?: ((app: App) => Promise<string>) | undefined;
}

/** Runs the service until the signal aborts, also during startup. Resolves when everything is durable and closed. */
export async function serve(options: ServeOptions): Promise<void> {
  if (options.signal.aborted) return;
  requireWork(options);
  // A replica that took a folder for a question would keep it from the process that runs the connectors.
  const app = await App.open(options.manager, { readOnly: false, leavesFolders: !options.serves.schedules });
  try {
    for (const notice of app.state.notices) options.print(notice);
    await serveWith(app, options);
  } finally {
    await app.close();
  }
}

/** Throws `API_DISABLED` when there is nothing to serve. */
function requireWork({ manager, serves }: ServeOptions): void {
  if (serves.schedules || manager.config.api.enabled) return;
  throw new ConnectorError(
    "API_DISABLED",
    "there is nothing to serve: the API is switched off (api.enabled: false)",
  );
}

async function serveWith(app: App, options: ServeOptions): Promise<void> {
  const { manager, serves, console, colours, isTerminal = false, env, signal, cutShort } = options;
  const service = new Service({ manager, app, schedules: serves.schedules, console, colours, isTerminal });
  const systemd = new Systemd({ env, isAlive: () => service.isAlive, log: service.observation.logs.service });
  followProcess(service, options);
  try {
    await service.observation.startTelemetry();
    await withApi(service, options, async (api) => {
      await service.start(signal);
      await announce(service, api, options);
      if (!signal.aborted) await systemd.ready();
      await aborted(signal);
      await end(service, systemd, cutShort);
    });
  } finally {
    systemd.close();
    await service.close();
  }
}

function followProcess(service: Service, { manager, onHangUp, endWithin }: ServeOptions): void {
  const tellPatience = () => endWithin(manager.config.advanced.shutdownTimeoutMs);
  tellPatience();
  service.onConfigChange(tellPatience);
  onHangUp(() => {
    service.observation.logs.reopen();
    void service.reloader.reload();
  });
}

async function end(service: Service, systemd: Systemd, cutShort: AbortSignal): Promise<void> {
  void systemd.stopping();
  const stopped = service.stop();
  void aborted(cutShort).then(() => service.stop());
  await stopped;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Written in one piece, so that a signal cannot put "stopping" before "ready". */
async function announce(
  service: Service,
  api: ServedApi | null,
  { signal, print, overview, isTerminal = false }: ServeOptions,
): Promise<void> {
  const missing = api === null ? null : await missingKey(service);
  const connectors = await overview?.(service.app);
  if (signal.aborted) return;
  const metricsUrl = service.metricsUrl ?? (api && `${api.url}/metrics`);
  const lines = [
    ...(api === null ? [] : addressesOf(api, isTerminal)),
    ...(metricsUrl === null ? [] : [`metrics    ${metricsUrl}`]),
    ...(missing === null ? [] : [`keys       ${missing}`]),
    ...(connectors === undefined ? [] : [`\n${connectors}\n`]),
    "ready",
  ];
  print(lines.join("\n"));
}

/** What a pipe gets is kept in logs, so that the link that signs in is for terminals alone. */
function addressesOf(api: ServedApi, isTerminal: boolean): string[] {
  const signIn = isTerminal ? api.signInAddress() : api.pageAddress;
  const page = signIn === api.pageAddress ? signIn : `${signIn}  (signs in once, within 10 minutes)`;
  return [`page       ${page}`, `api        ${api.url}`, `docs       ${api.url}/docs`];
}
