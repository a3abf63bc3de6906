import { Option } from "commander";
import { type LocalDoor, readLocalDoors } from "../api/access/local-door.ts";
import type { Endpoint } from "../api/route.ts";
import { type ErrorCode, errorCodes } from "../kernel/errors/codes.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { originOf } from "../kernel/settings/origin-of.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { configOption } from "./common-options.ts";
import { knock } from "./knock.ts";
import { readConfiguration } from "./load-config.ts";

/** A service that does not answer a small request within this time is as good as none. Milliseconds. */
const patienceMs = 30_000;

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
    new Option("--url <url>", "the running service, instead of the address in the configuration"),
    new Option(
      "--key <key>",
      "its key, instead of `api.api_key` (or CONNECTOR_API_KEY); on the machine and state of the service none is needed",
    ),
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

interface Asking {
  /** Statuses that are no errors. */
  alsoAnswers?: readonly number[] | undefined;
  /** Left out when it says nothing. */
  body?: object | undefined;
}

/** Asks a running service; statuses of `alsoAnswers` are no errors. Throws `SERVICE_UNREACHABLE`, and what the service answers as an error under its own code. */
export async function askService(
  { url, key }: ServiceAddress,
  method: Endpoint["method"],
  path: string,
  signal: AbortSignal,
  { alsoAnswers, body }: Asking = {},
): Promise<unknown> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const answer = await send({ url, key }, method, path, within, { alsoAnswers, body });
  return answer.json();
}

/** The JSON of each live event until the service or the signal ends it. `onOpen` runs when no later event is missed. Throws what `askService` throws. */
export async function* followService(
  address: ServiceAddress,
  path: string,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<string> {
  const { body } = await send(address, "GET", path, signal);
  onOpen();
  let rest = "";
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + part).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice("data: ".length));
  }
}

async function send(
  { url, key }: ServiceAddress,
  method: string,
  path: string,
  signal: AbortSignal,
  { alsoAnswers = [], body }: Asking = {},
): Promise<Response> {
  const says = body !== undefined && Object.keys(body).length > 0;
  const headers = {
    ...(key !== null && { "x-api-key": key }),
    ...(says && { "content-type": "application/json" }),
  };
  const sent = says ? { body: JSON.stringify(body) } : {};
  // Below the path of the address: a proxy may offer the service there.
  const target = new URL(url.replace(/\/+$/u, "") + path);
  const answer = await knock(target, signal)
    // A redirect would take the key along, to whatever server it names.
    .then(() => fetch(target, { method, headers, signal, redirect: "manual", ...sent }))
    .catch((cause) => {
      throw new ConnectorError("SERVICE_UNREACHABLE", `no service answers at ${url}`, {
        subject: url,
        cause,
      });
    });
  if (answer.ok || alsoAnswers.includes(answer.status)) return answer;
  throw errorOf(await answer.json().catch(() => null), { url, key });
}

function errorOf(body: unknown, { url, key }: ServiceAddress): ConnectorError {
  const { code, title, hint, subject } = (body ?? {}) as Partial<Record<string, string>>;
  if (code !== undefined && title !== undefined && hint !== undefined && Object.hasOwn(errorCodes, code)) {
    return new ConnectorError(code as ErrorCode, title, {
      hint: typedHints(key)[code] ?? hint,
      ...(subject !== undefined && { subject }),
    });
  }
  return new ConnectorError("SERVICE_UNREACHABLE", `what answers at ${url} is no memory-connector service`, {
    subject: url,
  });
}

/** The service speaks to programs, of headers; a person at a command line has options. */
function typedHints(key: string | null): Readonly<Record<string, string>> {
  const make =
    "`memory-connector keys create --name NAME --role admin` makes one, where the service has its state";
  return {
    API_KEY_REFUSED: `show ${key === null ? "a key" : "another key"} by --key or CONNECTOR_API_KEY; ${make}`,
    API_ROLE_REFUSED: `show a key of the role admin by --key or CONNECTOR_API_KEY; ${make}`,
    API_TOO_MANY_REQUESTS: "wait a minute, then run it again",
  };
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
