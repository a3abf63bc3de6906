import type * as z from "zod";
import type { Endpoint } from "../api/route.ts";
import { type ErrorCode, errorCodes } from "../kernel/errors/codes.ts";
import { ConnectorError, isAbort, remedyOf } from "../kernel/errors/connector-error.ts";
import type { HintByDoor } from "../kernel/errors/error-entry.ts";
import { loginOf } from "../kernel/http/http-request.ts";
import { safeAddress } from "../kernel/util/url.ts";
import type { ServiceAddress } from "./service-address.ts";
import { tcpProbe } from "./tcp-probe.ts";

/** A service that does not answer a small request within this time counts as unreachable. Milliseconds. */
const usualTimeoutMs = 30_000;

export interface Question<Answer extends z.ZodType> {
  method: Endpoint["method"];
  path: string;
  /** Absent when empty. */
  body?: object | undefined;
  answer: Answer;
  /** Statuses that are not errors. */
  alsoAnswers?: readonly number[];
  /** For an answer that a model or another server has a part in. Milliseconds. */
  timeoutMs?: number;
}

/**
 * Calls a running service and resolves to its answer, including unknown fields of a newer version. Throws `SERVICE_UNREACHABLE` for
 * an answer of another program, and the service's own errors under their codes.
 */
export async function askService<Answer extends z.ZodType>(
  address: ServiceAddress,
  question: Question<Answer>,
  signal: AbortSignal,
): Promise<z.output<Answer>> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(question.timeoutMs ?? usualTimeoutMs)]);
  const response = await send(address, question, within);
  const json = await response.json().catch((cause) => {
    throwIfCancelled(within);
    throw noService(address, cause);
  });
  if (!hasShape(json, question.answer)) throw noService(address);
  return json as z.output<Answer>;
}

/**
 * The JSON of each live event until the service or the signal ends the stream. `onOpen` runs once no later event can be missed.
 * Throws the errors of `askService`.
 */
export async function* followService(
  address: ServiceAddress,
  path: string,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<string> {
  const { body, headers } = await send(address, { method: "GET", path }, signal);
  if (!/^text\/event-stream\b/iu.test(headers.get("content-type") ?? "")) throw noService(address);
  onOpen();
  let rest = "";
  try {
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice("data: ".length));
    }
  } catch (cause) {
    throwIfCancelled(signal);
    throw unreachable(address, (at) => `the service at ${at} has ended the connection`, cause);
  }
}

async function send(
  { url, key }: ServiceAddress,
  { method, path, body, alsoAnswers = [] }: Omit<Question<z.ZodType>, "answer">,
  signal: AbortSignal,
): Promise<Response> {
  // Below the address's path: a proxy may serve it there, and require a login of its own.
  const target = new URL(url.replace(/\/+$/u, "") + path);
  const says = body !== undefined && Object.keys(body).length > 0;
  const headers = {
    ...loginOf(target),
    ...(key !== null && { "x-api-key": key }),
    ...(says && { "content-type": "application/json" }),
  };
  target.username = target.password = "";
  const sent = says ? { body: JSON.stringify(body) } : {};
  const answer = await tcpProbe(target, signal)
    // A redirect would send the key to another server.
    .then(() => fetch(target, { method, headers, signal, redirect: "manual", ...sent }))
    .catch((cause) => {
      throwIfCancelled(signal);
      throw unreachable({ url }, (at) => `no service answers at ${at}`, cause);
    });
  if (answer.ok || alsoAnswers.includes(answer.status)) return answer;
  throw errorOf(await answer.json().catch(() => null), { url, key });
}

/** The command was cancelled; a time limit ends the request only. */
function throwIfCancelled(signal: AbortSignal): void {
  if (isAbort(signal.reason)) throw signal.reason;
}

/** A newer service may send unknown fields. */
function hasShape(json: unknown, shape: z.ZodType): boolean {
  const issues = shape.safeParse(json).error?.issues ?? [];
  return issues.every(({ code }) => code === "unrecognized_keys");
}

function errorOf(body: unknown, address: ServiceAddress): ConnectorError {
  const { code, title, hint, subject } = (body ?? {}) as Partial<Record<string, string>>;
  if (code !== undefined && title !== undefined && hint !== undefined && Object.hasOwn(errorCodes, code)) {
    return new ConnectorError(code as ErrorCode, title, {
      hint: hintOf(code as ErrorCode, hint, address),
      ...(subject !== undefined && { subject }),
    });
  }
  return noService(address);
}

function noService(address: Pick<ServiceAddress, "url">, cause?: unknown): ConnectorError {
  return unreachable(address, (at) => `what answers at ${at} is no memory-connector service`, cause);
}

function unreachable(
  { url }: Pick<ServiceAddress, "url">,
  message: (at: string) => string,
  cause?: unknown,
): ConnectorError {
  const subject = safeAddress(url);
  return new ConnectorError("SERVICE_UNREACHABLE", message(subject), { subject, cause });
}

/** The service's hints speak of requests, for a tool as well; on the command line they are commands and options. */
function hintOf(code: ErrorCode, answered: string, { key }: ServiceAddress): HintByDoor {
  const { command, request } = remedyOf(code);
  const general = answered === request ? command : answered;
  return { command: typedHints(key)[code] ?? general, request: toolHints[code] ?? answered };
}

function typedHints(key: string | null): Partial<Record<ErrorCode, string>> {
  const make =
    "`memory-connector keys create --name NAME --role admin` makes one, where the service has its state";
  return {
    API_KEY_REFUSED: `show ${key === null ? "a key" : "another key"} by --key or CONNECTOR_API_KEY; ${make}`,
    API_ROLE_REFUSED: `show a key of the role admin by --key or CONNECTOR_API_KEY; ${make}`,
    API_TOO_MANY_REQUESTS: "wait a minute, then run it again",
  };
}

/** A tool's caller has no say in the key by which the service is asked. */
const toolHints: Partial<Record<ErrorCode, string>> = {
  API_KEY_REFUSED: "whoever sets this server up gives it a key that the service accepts",
  API_ROLE_REFUSED: "whoever sets this server up gives it a key of the role admin",
};
