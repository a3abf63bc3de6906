import { readWhole } from "../http/bounded-body.ts";
import type { StreamedAnswer } from "../http/exchange.ts";
import { HttpError } from "../http/http-error.ts";
import { boundedBody, toUtf8 } from "../http/json-body.ts";
import { decodeUtf8 } from "../util/decode/utf8.ts";
import type { Asked } from "./openai-error.ts";
import { type SpokenError, spokenError } from "./spoken-error.ts";
import { codeOfWords } from "./whose-fault.ts";

const excerptCharacters = 500;

/**
 * The JSON of an accepted answer. An error that comes inside one, with status 200, is thrown as if it had come with the status that it
 * means, so that it is tried again, judged and shown like any other. It is read in the charset that it names; one whose bytes are no text is
 * refused, and halves of characters are left out, so that no character is put in the place of another. Throws `HttpError`.
 */
export async function readModelAnswer(
  answer: StreamedAnswer,
  maxBytes: number,
  asked: Asked,
): Promise<unknown> {
  const bytes = toUtf8(await readWhole(boundedBody(answer, maxBytes)), answer);
  const decoded = decodeUtf8(bytes);
  const text = decoded ?? bytes.toString("utf8");
  // Text with a character in the place of a byte is not what the model said; an error in it still says whose fault it is.
  const body = decoded === null ? undefined : (parsed(text) ?? errorEvent(text));
  if (body === undefined) throw withExcerpt(answer.failure("not-json", "answered with no JSON"), text);
  const spoken = spokenError(body, asked.secrets);
  if (spoken === undefined) return body;
  throw withExcerpt(
    answer.failure("status", "answered with an error"),
    JSON.stringify(body),
    meant(spoken, asked.text),
  );
}

/** A body that is JSON and says something: nothing and `null` are no answer. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, writtenHalf.test(text) ? withoutHalves : undefined) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Half of a character, as an escape of JSON: models that stop in the middle of one leave it behind. */
const writtenHalf = /\\u[dD][89a-fA-F]/;

function withoutHalves(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "") : value;
}

/** The event of a stream that speaks of an error. Nobody asks for a stream; some routers send their errors as one all the same. */
function errorEvent(text: string): unknown {
  const events = text
    .split("\n")
    .flatMap((line) => (line.startsWith("data:") ? [parsed(line.slice(5))] : []));
  return events.find((event) => spokenError(event, []) !== undefined);
}

const statusOf: ReadonlyMap<string | undefined, number> = new Map([
  ["MODEL_BUSY", 429],
  ["MODEL_QUOTA", 402],
]);

/** The status that the error should have come with. */
function meant(spoken: SpokenError, asked: string): number | undefined {
  return spoken.status ?? statusOf.get(codeOfWords(spoken, asked));
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
