import type { Option } from "commander";
import { readConnectionFiles, type ServiceConnection } from "../api/access/connection-file.ts";
import { httpUrl } from "../kernel/settings/types.ts";
import { originOf, reachableUrl } from "../kernel/util/url.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { readConfiguration } from "./load-config.ts";
import { configOption, keyOption, settingOption } from "./options.ts";
import { tcpProbe } from "./tcp-probe.ts";

/** Paths are appended to it. */
const serviceUrl = () =>
  httpUrl().refine((url) => !/[?#]/u.test(url), { error: "must end before a `?` or a `#`" });

/** A service on this machine accepts a connection at once or not at all. Milliseconds. */
const probeTimeoutMs = 1000;

/** The address of a running service, for commands that call it. */
export interface ServiceAddress {
  url: string;
  key: string | null;
}

export function serviceOptions(): Option[] {
  return [
    configOption(),
    settingOption(
      "--url <url>",
      "the running service, instead of the address in the configuration",
      serviceUrl(),
      "one is like http://127.0.0.1:9622, or https://HOST/PATH behind a proxy",
    ),
    keyOption(
      "--key <key>",
      "its key, instead of `api.api_key` (or CONNECTOR_API_KEY); on the machine and state of the service none is needed",
      "`memory-connector keys create --name NAME` makes one",
    ),
  ];
}

/**
 * The address that the flags give, completed from the configuration. The configuration's key is sent to the configuration's own address
 * only: another one that --url names gets what --key or the environment gives. Without --url a service on the same state is found by its
 * connection file, of several the newest that answers; the key in that file is sent nowhere else.
 */
export async function serviceAddress(input: CommandInput, context: CommandContext): Promise<ServiceAddress> {
  const { url, key } = input.options as { url?: string; key?: string };
  const given = key || context.io.env.CONNECTOR_API_KEY || null;
  if (url !== undefined && given !== null) return { url, key: given };
  const { api, state } = readConfiguration(input, context).config;
  const host = api.host.includes(":") ? `[${api.host}]` : api.host;
  const configured = reachableUrl(`http://${host}:${api.port}${api.basePath}`);
  const connections = connectionsTo(state.localPath);
  if (url === undefined) {
    const connection = (await firstThatAnswers(connections, context.io.signal)) ?? connections[0];
    return { url: connection?.url ?? configured, key: given ?? api.apiKey ?? connection?.key ?? null };
  }
  const isOwn = [...connections.map((connection) => connection.url), configured].some((own) =>
    isSameServer(own, url),
  );
  return { url, key: isOwn ? api.apiKey : null };
}

/** The service that `--url` names, or else one that answers and has the state of the configuration; null for none. */
export async function runningService(
  input: CommandInput,
  context: CommandContext,
): Promise<ServiceAddress | null> {
  if (input.options.url === undefined) {
    const { localPath } = readConfiguration(input, context).config.state;
    if ((await firstThatAnswers(connectionsTo(localPath), context.io.signal)) === undefined) return null;
  }
  return serviceAddress(input, context);
}

/** The newest first. When none answers, errors name that one. */
function connectionsTo(statePath: string): ServiceConnection[] {
  return readConnectionFiles(statePath).map((connection) => ({
    ...connection,
    url: reachableUrl(connection.url),
  }));
}

async function firstThatAnswers(
  connections: readonly ServiceConnection[],
  signal: AbortSignal,
): Promise<ServiceConnection | undefined> {
  for (const connection of connections) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]);
    const answers = await tcpProbe(new URL(connection.url), within).then(
      () => true,
      () => false,
    );
    if (answers) return connection;
  }
  return undefined;
}

/** Whether two addresses are the same server; `localhost` and `127.0.0.1` are. */
function isSameServer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((url) => originOf(url)?.replace("//localhost", "//127.0.0.1"));
  return a !== undefined && a === b;
}
