import { Option } from "commander";
import { type ErrorCode, errorCodes } from "../errors/codes.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { configOption } from "./common-options.ts";
import { knock } from "./knock.ts";
import { readConfiguration } from "./load-config.ts";

/** A service that does not answer a small request within this time is as good as none. Milliseconds. */
const patienceMs = 30_000;

/** Where a running service is, for commands that talk to one. */
export interface ServiceAddress {
  url: string;
  key: string | null;
}

export function serviceOptions(): Option[] {
  return [
    configOption(),
    new Option("--url <url>", "the running service, instead of the address in the configuration"),
    new Option("--key <key>", "its key, instead of `api.api_key` (or CONNECTOR_API_KEY)"),
  ];
}

/** The address that the flags give, completed from the configuration. With --url and --key no configuration is read. */
export function serviceAddress(input: CommandInput, context: CommandContext): ServiceAddress {
  const { url, key } = input.options as { url?: string; key?: string };
  if (url !== undefined && (key ?? context.io.env.CONNECTOR_API_KEY) !== undefined) {
    return { url, key: key ?? context.io.env.CONNECTOR_API_KEY ?? null };
  }
  const { api } = readConfiguration(input, context).config;
  return { url: url ?? `http://${reachable(api.host)}:${api.port}`, key: key ?? api.apiKey };
}

/** Asks a running service; statuses of `alsoAnswers` are no errors. Throws `SERVICE_UNREACHABLE`, and what the service answers as an error under its own code. */
export async function askService(
  { url, key }: ServiceAddress,
  method: "GET" | "POST",
  path: string,
  signal: AbortSignal,
  alsoAnswers: readonly number[] = [],
): Promise<unknown> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const answer = await send({ url, key }, method, path, within, alsoAnswers);
  return answer.json();
}

/** The JSON of each live event until the service or the signal ends it. Throws what `askService` throws. */
export async function* followService(
  address: ServiceAddress,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { body } = await send(address, "GET", path, signal);
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
  alsoAnswers: readonly number[] = [],
): Promise<Response> {
  const headers = key === null ? {} : { "x-api-key": key };
  const target = new URL(path, url);
  const answer = await knock(target, signal)
    .then(() => fetch(target, { method, headers, signal }))
    .catch((cause) => {
      throw new ConnectorError("SERVICE_UNREACHABLE", `no service answers at ${url}`, {
        subject: url,
        cause,
      });
    });
  if (answer.ok || alsoAnswers.includes(answer.status)) return answer;
  throw errorOf(await answer.json().catch(() => null), url);
}

function errorOf(body: unknown, url: string): ConnectorError {
  const { code, title, hint } = (body ?? {}) as { code?: string; title?: string; hint?: string };
  if (code !== undefined && title !== undefined && hint !== undefined && Object.hasOwn(errorCodes, code)) {
    return new ConnectorError(code as ErrorCode, title, { hint });
  }
  return new ConnectorError("SERVICE_UNREACHABLE", `what answers at ${url} is no memory-connector service`, {
    subject: url,
  });
}

/** An address to listen on everywhere is none to connect to. */
function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
