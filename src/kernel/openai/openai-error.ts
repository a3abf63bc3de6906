import { ConnectorError, toConnectorError } from "../errors/connector-error.ts";
import { HttpError } from "../http/http-error.ts";
import { classifyByWords, classifyRefusal, type ModelErrorCode } from "./classify-failure.ts";
import { reportedError, reportedErrorOfText } from "./reported-error.ts";

/** The context of a failed request. */
export interface RequestContext {
  /** Secrets to mask in the response. */
  secrets: readonly string[];
  /** The prompt, which the response may quote. */
  text: string;
}

/**
 * Translates a failed model call into a `MODEL_*` error with the endpoint's own message (first line, bounded, without secrets).
 * That may quote the text: see `mayQuote`.
 */
export function modelError(thrown: unknown, model: string, asked: RequestContext): ConnectorError {
  if (!(thrown instanceof HttpError)) return toConnectorError(thrown);
  const { code, what } = reading(thrown, asked);
  return new ConnectorError(code, `${model} ${what}`, {
    subject: model,
    cause: thrown,
    ...(thrown.status === undefined ? {} : { status: thrown.status }),
    ...(thrown.retryAfterMs === undefined ? {} : { retryAfterMs: thrown.retryAfterMs }),
  });
}

export function unusableAnswer(model: string, what: string): ConnectorError {
  return new ConnectorError("MODEL_ANSWER_UNUSABLE", `${model} ${what}`, { subject: model });
}

function reading(error: HttpError, asked: RequestContext): { code: ModelErrorCode; what: string } {
  if (error.failure === "status") return refusal(error, asked);
  if (error.failure === "not-json" || error.failure === "too-large") {
    const spoken = reportedErrorOfText(error.bodyExcerpt ?? "", asked.secrets);
    const code = classifyByWords(spoken, asked.text) ?? "MODEL_ANSWER_UNUSABLE";
    return { code, what: quoting("answered with something that is not its protocol", spoken.words) };
  }
  return { code: "MODEL_UNREACHABLE", what: `could not be asked: ${error.message}` };
}

function refusal(
  { status = 0, bodyExcerpt = "" }: HttpError,
  { secrets, text }: RequestContext,
): { code: ModelErrorCode; what: string } {
  const spoken = reportedError(parsed(bodyExcerpt), secrets) ?? reportedErrorOfText(bodyExcerpt, secrets);
  return { code: classifyRefusal(status, spoken, text), what: quoting(`answered ${status}`, spoken.words) };
}

function quoting(what: string, words: string): string {
  return words === "" ? what : `${what}: ${words}`;
}

/** An excerpt may be cut in the middle of its JSON; it is then read as plain text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
