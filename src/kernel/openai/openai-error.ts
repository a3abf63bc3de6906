import { ConnectorError, toConnectorError } from "../errors/connector-error.ts";
import { HttpError } from "../http/http-error.ts";
import { spokenError, spokenText } from "./spoken-error.ts";
import { codeOfRefusal, codeOfWords, type ModelErrorCode } from "./whose-fault.ts";

/** What is known of a request that failed. */
export interface Asked {
  /** What must not be shown of the answer. */
  secrets: readonly string[];
  /** What the model was asked, which its answer may quote. */
  text: string;
}

/**
 * Turns what went wrong with a model into a `MODEL_*` error with the endpoint's own words (first line, bounded, without secrets).
 * They may quote the text: see `mayQuote`.
 */
export function modelError(thrown: unknown, model: string, asked: Asked): ConnectorError {
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

function reading(error: HttpError, asked: Asked): { code: ModelErrorCode; what: string } {
  if (error.failure === "status") return refusal(error, asked);
  if (error.failure === "not-json" || error.failure === "too-large") {
    const spoken = spokenText(error.bodyExcerpt ?? "", asked.secrets);
    const code = codeOfWords(spoken, asked.text) ?? "MODEL_ANSWER_UNUSABLE";
    return { code, what: quoting("answered with something that is not its protocol", spoken.words) };
  }
  return { code: "MODEL_UNREACHABLE", what: `could not be asked: ${error.message}` };
}

function refusal(
  { status = 0, bodyExcerpt = "" }: HttpError,
  { secrets, text }: Asked,
): { code: ModelErrorCode; what: string } {
  const spoken = spokenError(parsed(bodyExcerpt), secrets) ?? spokenText(bodyExcerpt, secrets);
  return { code: codeOfRefusal(status, spoken, text), what: quoting(`answered ${status}`, spoken.words) };
}

function quoting(what: string, words: string): string {
  return words === "" ? what : `${what}: ${words}`;
}

/** An excerpt may be cut in the middle of its JSON: what stands before is then taken as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
