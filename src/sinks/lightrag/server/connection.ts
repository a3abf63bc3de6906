import { ConnectorError, isConnectorError } from "../../../kernel/errors/connector-error.ts";
import { CircuitBreaker } from "../../../kernel/http/circuit-breaker.ts";
import type { JsonAnswer } from "../../../kernel/http/http-client.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";
import type { Clock } from "../../../kernel/util/clock.ts";
import { safeUrl } from "../../../kernel/util/url.ts";
import type { SinkInfo } from "../light-rag-client.ts";
import { ApiKeyCredentials, type Credentials } from "./credentials.ts";
import { type Dialect, dialectOf } from "./dialect.ts";
import { detailOf, toSinkError } from "./errors.ts";
import type { LightRagApiOptions, ResolvedOptions } from "./options.ts";
import { type JsonHttp, readAs, Session } from "./session.ts";
import { guestToken, passwordLogin, TokenCredentials } from "./token-credentials.ts";
import { authStatusAnswer, healthAnswer, statusCountsAnswer } from "./wire.ts";

/** A server that has been identified and has accepted our credentials. */
export interface Connection {
  session: Session;
  dialect: Dialect;
  info: SinkInfo;
}

/**
 * Identifies the LightRAG server and proves access. Throws `SINK_UNSUPPORTED`, `SINK_UNAUTHORIZED`, `SINK_WORKSPACE_MISMATCH`,
 * `SINK_UNREACHABLE`.
 */
export async function openConnection(
  http: JsonHttp,
  options: LightRagApiOptions,
  { clock }: ResolvedOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const { core_version: shownVersion, auth_configured: wantsLogin } = await authStatus(http, signal);
  const location = safeUrl(new URL(options.url));
  // A release that is too old lacks even the route by which access is proved.
  if (shownVersion !== undefined) dialectOf(shownVersion, location);
  const session = new Session(http, credentialsFor(http, options, clock));
  const documents = countOf(await proveAccess(session, options, wantsLogin, signal));
  const health = await session.read({ method: "GET", path: ["health"] }, healthAnswer, signal);
  const version = shownVersion ?? health.core_version ?? "";
  const dialect = dialectOf(version, location);
  const workspace = health.configuration === undefined ? null : (health.configuration.workspace ?? "");
  checkWorkspace(options.workspace, workspace, location);
  const { generation, maxBatch } = dialect;
  const counted = documents === undefined ? {} : { documents };
  const info = { mode: "api", generation, version, location, workspace, maxBatch, ...counted } as const;
  return { session, dialect, info };
}

async function authStatus(http: JsonHttp, signal: AbortSignal) {
  const request = { method: "GET", path: ["auth-status"] } as const;
  try {
    return readAs(authStatusAnswer, await http.json(request, signal), request);
  } catch (error) {
    throw isForeign(error) ? notLightRag(error) : toSinkError(error);
  }
}

/** Whether something other than LightRAG answers at this URL. */
function isForeign(error: unknown): boolean {
  if (isConnectorError(error, "SINK_BAD_ANSWER")) return true;
  if (!(error instanceof HttpError)) return false;
  if (error.failure === "not-json" || error.failure === "redirect") return true;
  return error.status === 404 || error.status === 405 || error.status === 410;
}

function notLightRag(cause: unknown): ConnectorError {
  return new ConnectorError("SINK_UNSUPPORTED", "what answers at lightrag.api.url is not a LightRAG server", {
    cause,
    hint: "correct lightrag.api.url; it is the address without a path, unless a proxy adds a prefix",
  });
}

function credentialsFor(http: JsonHttp, options: LightRagApiOptions, clock: Clock): Credentials {
  const { apiKey, username, password } = options;
  if (apiKey !== undefined) return new ApiKeyCredentials(apiKey);
  if (username !== undefined && password !== undefined)
    return new TokenCredentials(passwordLogin(http, username, password), clock, true);
  return new TokenCredentials(guestToken(http), clock, false);
}

/** Resolves to a response that requires authentication: the status counts of documents. */
async function proveAccess(
  session: Session,
  options: LightRagApiOptions,
  wantsLogin: boolean,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  const request = { method: "GET", path: ["documents", "status_counts"] } as const;
  try {
    return await session.send(request, signal);
  } catch (error) {
    if (!(error instanceof HttpError && (error.status === 401 || error.status === 403)))
      throw toSinkError(error);
    throw new ConnectorError("SINK_UNAUTHORIZED", refusalMessage(options), {
      hint: accessHint(options, wantsLogin),
      status: error.status,
      cause: error,
    });
  }
}

/** Failed documents are not stored, and notes of refused duplicates are among them. */
function countOf({ body }: JsonAnswer): number | undefined {
  const { data } = statusCountsAnswer.safeParse(body);
  if (data === undefined) return undefined;
  const held = Object.entries(data.status_counts).filter(([status]) => !/^(all|failed)$/iu.test(status));
  return held.reduce((sum, [, count]) => sum + count, 0);
}

function refusalMessage({ apiKey, username }: LightRagApiOptions): string {
  if (apiKey !== undefined) return "LightRAG did not accept the API key";
  return username === undefined ? "LightRAG wants credentials" : "LightRAG did not accept the login";
}

function accessHint({ apiKey, keyOrigin, username }: LightRagApiOptions, wantsLogin: boolean): string {
  const key = keyOrigin == null ? "correct lightrag.api.api_key" : `correct the key from ${keyOrigin}`;
  if (apiKey !== undefined && username !== undefined)
    return `${key}, or remove it: beside a key the login is not used`;
  if (apiKey !== undefined && !wantsLogin) return key;
  if (username !== undefined) return "correct lightrag.api.username and lightrag.api.password";
  if (wantsLogin)
    return "set lightrag.api.username and lightrag.api.password, or the right lightrag.api.api_key";
  return "set lightrag.api.api_key to the server's LIGHTRAG_API_KEY";
}

/**
 * Throws `SINK_WORKSPACE_MISMATCH` when the server serves another workspace than the configuration expects. A server serves one
 * workspace only, whatever a request asks for (LightRAG contract §2), so documents would silently end up in the wrong one.
 * @param expected from the configuration; undefined accepts any one
 * @param served   as the server reports it; null when it does not, which is accepted
 */
function checkWorkspace(expected: string | undefined, served: string | null, location: string): void {
  if (expected === undefined || served === null || storedName(expected) === storedName(served)) return;
  const message = `the LightRAG server at ${location} serves ${shown(served)}, the configuration names ${shown(expected)}`;
  throw new ConnectorError("SINK_WORKSPACE_MISMATCH", message, {
    subject: location,
    hint: `point lightrag.api.url to the server of ${shown(expected)}, start that server with WORKSPACE=${expected}, or correct lightrag.api.workspace`,
  });
}

/** LightRAG replaces every other character by `_`, so that `my-ws` and `my_ws` are one workspace. */
function storedName(workspace: string): string {
  return workspace.replace(/[^A-Za-z0-9_]/gu, "_");
}

function shown(workspace: string): string {
  return workspace === "" ? "the default workspace" : `the workspace "${workspace}"`;
}

/** The circuit breaker for all calls to one server. */
export function createBreaker({ circuitBreaker, retry, clock }: ResolvedOptions): CircuitBreaker {
  const { failures, cooldownMs } = circuitBreaker;
  return new CircuitBreaker({
    // The retries of a single call alone never open the circuit.
    threshold: Math.max(failures, retry.maxRetries + 2),
    openMs: cooldownMs,
    isOutage,
    clock,
  });
}

/**
 * A server that explains a refusal is up, whatever the status: LightRAG answers 500 for some documents that it cannot accept and
 * 503 while it is busy (LightRAG contract §3.4). A crash or a proxy explains nothing.
 */
function isOutage(error: unknown): boolean {
  return error instanceof HttpError && error.outage && detailOf(error) === "";
}
