import { readWhole } from "../http/bounded-body.ts";
import type { StreamedAnswer } from "../http/exchange.ts";
import { HttpError } from "../http/http-error.ts";
import { boundedBody, toUtf8 } from "../http/json-body.ts";
import { decodeUtf8 } from "../util/decode/utf8.ts";
import { classifyByWords } from "./classify-failure.ts";
import type { RequestContext } from "./openai-error.ts";
import { type ReportedError, reportedError } from "./reported-error.ts";

const excerptCharacters = 500;

/**
 * The JSON of an accepted response. An error inside one, sent with status 200, is thrown as if it had the status that it names, so
 * that it is retried, classified and shown like any other. The body is decoded in its declared charset; undecodable bytes are
 * refused and lone surrogates dropped, so that no character replaces another. Throws `HttpError`.
 */
export async function readModelAnswer(
  answer: StreamedAnswer,
  maxBytes: number,
  asked: RequestContext,
): Promise<unknown> {
  const bytes = toUtf8(await readWhole(boundedBody(answer, maxBytes)), answer);
  const decoded = decodeUtf8(bytes);
  const text = decoded ?? bytes.toString("utf8");
  // Text with replacement characters is not what the model said; an error in it still says whose fault it is.
  const body = decoded === null ? undefined : (parsed(text) ?? errorEvent(text));
  if (body === undefined) throw withExcerpt(answer.failure("not-json", "answered with no JSON"), text);
  const spoken = reportedError(body, asked.secrets);
  if (spoken === undefined) return body;
  throw withExcerpt(
    answer.failure("status", "answered with an error"),
    JSON.stringify(body),
    meant(spoken, asked.text),
  );
}

/** A body that is JSON with content: an empty body and `null` are no answer. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, writtenHalf.test(text) ? withoutHalves : undefined) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A lone surrogate, written as a JSON escape: models that stop in the middle of a character leave one behind. */
const writtenHalf = /\\u[dD][89a-fA-F]/;

function withoutHalves(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "") : value;
}

/** The error event of a stream. Streams are never requested, but some routers send their errors as one. */
function errorEvent(text: string): unknown {
  const events = text
    .split("\n")
    .flatMap((line) => (line.startsWith("data:") ? [parsed(line.slice(5))] : []));
  return events.find((event) => reportedError(event, []) !== undefined);
}

const statusOf: ReadonlyMap<string | undefined, number> = new Map([
  ["MODEL_BUSY", 429],
  ["MODEL_QUOTA", 402],
]);

/** The status that the error should have had. */
function meant(spoken: ReportedError, asked: string): number | undefined {
  return spoken.status ?? statusOf.get(classifyByWords(spoken, asked));
}

function withExcerpt(error: HttpError, text: string, status = error.status): HttpError {
  const { method, url } = error;
  return new HttpError(error.failure, `answered ${status}`, {
    method,
    url,
    status,
    bodyExcerpt: text.slice(0, excerptCharacters),
  });
}
