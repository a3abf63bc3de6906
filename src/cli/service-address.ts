import { Option } from "commander";
import { type LocalDoor, readLocalDoors } from "../api/access/local-door.ts";
import { headerSecret, httpUrl } from "../kernel/settings/types.ts";
import { originOf } from "../kernel/util/url.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { configOption } from "./common-options.ts";
import { knock } from "./knock.ts";
import { readConfiguration } from "./load-config.ts";
import { asSetting } from "./option-values.ts";

/** Paths are put behind it. */
const serviceUrl = () =>
  httpUrl().refine((url) => !/[?#]/u.test(url), { error: "must end before a `?` or a `#`" });

/** A door on this machine is opened at once or not at all. Milliseconds. */
const knockMs = 1000;

/** Where a running service is, for commands that talk to one. */
export interface ServiceAddress {
  url: string;
  key: string | null;
}

export function serviceOptions(): Option[] {
  return [
    configOption(),
    new Option("--url <url>", "the running service, instead of the address in the configuration").argParser(
      asSetting(
        "--url",
        serviceUrl(),
        "one is like http://127.0.0.1:9622, or https://HOST/PATH behind a proxy",
      ),
    ),
    new Option(
      "--key <key>",
      "its key, instead of `api.api_key` (or CONNECTOR_API_KEY); on the machine and state of the service none is needed",
    ).argParser(asSetting("--key", headerSecret(), "`memory-connector keys create --name NAME` makes one")),
  ];
}

/**
 * The address that the flags give, completed from the configuration. The configuration's key goes to the configuration's own address
 * only: to another one that --url names goes what --key or the environment gives. Without --url a service that runs on the same state is
 * found by the door that it left beside it, of several the newest that answers; that key goes nowhere else.
 */
export async function serviceAddress(input: CommandInput, context: CommandContext): Promise<ServiceAddress> {
  const { url, key } = input.options as { url?: string; key?: string };
  const given = key ?? (context.io.env.CONNECTOR_API_KEY || null);
  if (url !== undefined && given !== null) return { url, key: given };
  const { api, state } = readConfiguration(input, context).config;
  const configured = `http://${reachable(api.host)}:${api.port}`;
  const doors = readLocalDoors(state.path).map((door) => ({ ...door, url: reachableUrl(door.url) }));
  if (url === undefined) {
    const door = await firstThatAnswers(doors, context.io.signal);
    return { url: door?.url ?? configured, key: given ?? api.apiKey ?? door?.key ?? null };
  }
  const isOwn = [...doors.map((door) => door.url), configured].some((own) => isSameServer(own, url));
  return { url, key: isOwn ? api.apiKey : null };
}

/** When none does, the newest: it is the one to speak of. */
async function firstThatAnswers(
  doors: readonly LocalDoor[],
  signal: AbortSignal,
): Promise<LocalDoor | undefined> {
  for (const door of doors) {
    const within = AbortSignal.any([signal, AbortSignal.timeout(knockMs)]);
    const answers = await knock(new URL(door.url), within).then(
      () => true,
      () => false,
    );
    if (answers) return door;
  }
  return doors[0];
}

/** Whether two addresses lead to one server; this machine has two names for itself. */
function isSameServer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((url) => originOf(url)?.replace("//localhost", "//127.0.0.1"));
  return a !== undefined && a === b;
}

function reachableUrl(url: string): string {
  const { hostname, port } = new URL(url);
  return `http://${reachable(hostname.replace(/^\[(.*)\]$/u, "$1"))}:${port}`;
}

/** An address to listen on everywhere is none to connect to. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
