import type { ErrorCode } from "../../../kernel/errors/codes.ts";
import { ConnectorError, isAbort } from "../../../kernel/errors/connector-error.ts";
import { CircuitOpen, describeOpenCircuit } from "../../../kernel/http/circuit-breaker.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";

/** The wait when the server says "later" without a time. Milliseconds. */
const defaultRetryAfterMs = 5_000;

/**
 * The server's own explanation of a refusal, or "" when there is none. A validation error's detail is a list that quotes the
 * request, so only a plain sentence is used. To distinguish refusals, not for messages.
 */
export function detailOf(error: HttpError): string {
  const quoted = /"detail":\s*("(?:[^"\\]|\\.)*)/u.exec(error.bodyExcerpt ?? "")?.[1];
  try {
    return quoted === undefined ? "" : String(JSON.parse(`${quoted}"`));
  } catch {
    return "";
  }
}

/** Whether LightRAG has fenced the workspace after a crash; only an operator can open it again. */
export function isFenced(explanation: string): boolean {
  return /fenced|recovery.required/iu.test(explanation);
}

/** The state in which every change is refused until an operator acts (LightRAG contract §3.4, 503). */
export function recoveryRequired(cause?: unknown): ConnectorError {
  return new ConnectorError("SINK_RECOVERY_REQUIRED", "LightRAG has fenced its workspace off", { cause });
}

/** "Later": nothing was accepted, and the same call may be repeated. */
export function sinkBusy(what: string, retryAfterMs = defaultRetryAfterMs, cause?: unknown): ConnectorError {
  return new ConnectorError("SINK_BUSY", what, { retryAfterMs, cause });
}

/** Turns what a call to LightRAG threw into an error of the port. Cancellations and `ConnectorError`s pass. */
export function toSinkError(thrown: unknown): Error {
  if (thrown instanceof HttpError) return fromHttp(thrown);
  if (thrown instanceof ConnectorError || isAbort(thrown)) return thrown as Error;
  return new ConnectorError("INTERNAL", "a call to LightRAG failed in an unforeseen way", { cause: thrown });
}

function fromHttp(error: HttpError): ConnectorError {
  if (error.status === 429) return sinkBusy("LightRAG asks for a pause", error.retryAfterMs, error);
  if (error.status === 503 && isFenced(detailOf(error))) return recoveryRequired(error);
  if (error.cause instanceof CircuitOpen) return breakerOpen(error, error.cause);
  const details = { cause: error, subject: error.url };
  return new ConnectorError(codeOf(error), error.message, {
    ...details,
    ...(error.status === undefined ? {} : { status: error.status }),
  });
}

function breakerOpen(error: HttpError, { snapshot, retryAfterMs }: CircuitOpen): ConnectorError {
  return new ConnectorError("SINK_BREAKER_OPEN", describeOpenCircuit("LightRAG", snapshot), {
    cause: error,
    subject: error.url,
    retryAfterMs,
  });
}

function codeOf({ status, failure }: HttpError): ErrorCode {
  if (status === 401 || status === 403) return "SINK_UNAUTHORIZED";
  if (status === 404 || status === 405 || failure === "redirect") return "SINK_UNSUPPORTED";
  if (status !== undefined && status >= 500) return "SINK_SERVER_ERROR";
  if (status !== undefined) return "SINK_BAD_ANSWER";
  if (failure === "tls") return "SINK_TLS";
  return "SINK_UNREACHABLE";
}
