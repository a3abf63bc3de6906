import type { ErrorCode } from "../errors/codes.ts";
import { ConnectorError, toConnectorError } from "../errors/connector-error.ts";
import { HttpError } from "../http/http-error.ts";

/** Turns what went wrong with a model into a `MODEL_*` error. The endpoint's own words may quote the text and stay out. */
export function modelError(thrown: unknown, model: string): ConnectorError {
  if (!(thrown instanceof HttpError)) return toConnectorError(thrown);
  const { code, what } = reading(thrown);
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

function reading(error: HttpError): { code: ErrorCode; what: string } {
  if (error.failure === "status") return statusReading(error);
  if (error.failure === "not-json" || error.failure === "too-large") {
    return { code: "MODEL_ANSWER_UNUSABLE", what: "answered with something that is not its protocol" };
  }
  return { code: "MODEL_UNREACHABLE", what: `could not be asked: ${error.message}` };
}

function statusReading({ status = 0, bodyExcerpt = "" }: HttpError): { code: ErrorCode; what: string } {
  const what = `answered ${status}`;
  if (bodyExcerpt.includes("insufficient_quota") || status === 402) return { code: "MODEL_QUOTA", what };
  if (status === 401 || status === 403) return { code: "MODEL_KEY_REFUSED", what };
  if (status === 404) return { code: "MODEL_UNKNOWN", what };
  if (status === 408 || status === 429 || status >= 500) return { code: "MODEL_BUSY", what };
  return { code: "MODEL_REQUEST_REFUSED", what };
}

const unavailable: ReadonlySet<string> = new Set<ErrorCode>([
  "MODEL_UNREACHABLE",
  "MODEL_BUSY",
  "MODEL_QUOTA",
  "MODEL_KEY_REFUSED",
  "MODEL_UNKNOWN",
]);

/** Whether an error code says that the model as such does not work now: trying another document is no use. */
export function isModelUnavailable(code: string): boolean {
  return unavailable.has(code);
}
