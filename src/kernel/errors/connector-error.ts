import { getSystemErrorMap } from "node:util";
import { type ErrorCode, errorCodes, type Reaction } from "./codes.ts";
import type { HintByDoor } from "./error-entry.ts";
import { requestWords } from "./request-words.ts";
import { adviceInSettings, type SettingAdvice } from "./setting-advice.ts";

export interface ErrorDetails {
  /** What the error is about: a memory id, a path, a config key, a URL without secrets. */
  subject?: string;
  /** What the reader can do in this case; a request gets a text in its own words. Default: the remedy of the table. */
  hint?: string | HintByDoor;
  /** The setting that helps, for doors where it is set in another way. Without a `hint` it is the hint. */
  advice?: SettingAdvice;
  cause?: unknown;
  /** The wait that the server asked for. Milliseconds. */
  retryAfterMs?: number;
  /** HTTP status of the response that caused it, if there was one. */
  status?: number;
}

/**
 * The one error type of the project. `code` is stable and public, `reaction` answers "what now",
 * `message` says what happened, `hint` says what to do, and `requestHint` says it to callers of the API and of tools.
 */
export class ConnectorError extends Error {
  override readonly name = "ConnectorError";
  readonly code: ErrorCode;
  readonly subject: string | undefined;
  readonly hint: string;
  readonly requestHint: string;
  readonly advice: SettingAdvice | undefined;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    const { command, request } = byDoor(details.hint ?? hintOf(code, details.advice));
    this.hint = command;
    this.requestHint = request;
    this.advice = details.advice;
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
  }

  get reaction(): Reaction {
    return errorCodes[this.code].reaction;
  }

  /** The form shown to people: `CODE: what happened · what to do`. */
  format(): string {
    return `${this.code}: ${this.message} · ${this.hint}`;
  }
}

/** What helps with a code in general. */
export function remedyOf(code: ErrorCode): HintByDoor {
  const { remedy, requestRemedy = remedy } = errorCodes[code];
  return { command: remedy, request: requestRemedy };
}

const hintOf = (code: ErrorCode, advice: SettingAdvice | undefined) =>
  advice === undefined ? remedyOf(code) : adviceInSettings(advice);

const byDoor = (hint: string | HintByDoor): HintByDoor =>
  typeof hint === "string" ? { command: hint, request: requestWords(hint) } : hint;

export function isConnectorError(error: unknown, code?: ErrorCode): error is ConnectorError {
  return error instanceof ConnectorError && (code === undefined || error.code === code);
}

/** Wraps any thrown value in a ConnectorError; the original is its `cause`. */
export function toConnectorError(thrown: unknown, fallback: ErrorCode = "INTERNAL"): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  if (isAbort(thrown)) return new ConnectorError("CANCELLED", "the work was cancelled", { cause: thrown });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConnectorError(fallback, message, { cause: thrown });
}

/** True for the error that an aborted `AbortSignal` throws, whichever library threw it. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "AbortError" || thrown.name === "ResponseAborted");
}

const descriptions = new Map(getSystemErrorMap().values());

/**
 * A failed system call as `SYSTEM_REFUSED`, without Node's own wording (`EACCES: permission denied, mkdtemp '/tmp/…'`); undefined
 * for any other error. The fallback for failures that no other part has translated.
 */
export function systemError(thrown: unknown): ConnectorError | undefined {
  const refusal = refusalOf(thrown);
  if (refusal === undefined) return undefined;
  const { subject, description } = refusal;
  return new ConnectorError("SYSTEM_REFUSED", `${subject}: ${description}`, { subject, cause: thrown });
}

/** Why something failed, for a message that names what was to be done: of a system call without Node's own wording. */
export function systemReason(thrown: unknown, place?: string): string {
  const refusal = refusalOf(thrown);
  if (refusal === undefined) return thrown instanceof Error ? thrown.message : String(thrown);
  const { subject, description } = refusal;
  return subject === place ? description : `${subject}: ${description}`;
}

function refusalOf(thrown: unknown): { subject: string; description: string } | undefined {
  if (!(thrown instanceof Error) || thrown instanceof ConnectorError) return undefined;
  const { code = "", syscall, path } = thrown as NodeJS.ErrnoException;
  const description = descriptions.get(code);
  if (description === undefined || syscall === undefined) return undefined;
  return { subject: path ?? syscall, description };
}
