import { charsetOf, isKnownCharset, Utf8Stream } from "../util/decode/charset.ts";
import { type JsonReading, readJsonBytes } from "../util/decode/json.ts";
import { limitBytes, readWhole } from "./bounded-body.ts";
import { headerText, type StreamedAnswer } from "./exchange.ts";
import type { HttpError } from "./http-error.ts";

/** The body of a response; throws an `HttpError` of kind `too-large` beyond `maxBytes`. */
export function boundedBody(answer: StreamedAnswer, maxBytes: number): AsyncIterable<Buffer> {
  const tooLarge = () => answer.failure("too-large", `answered with more than ${maxBytes} bytes`);
  return limitBytes(answer.body, maxBytes, tooLarge);
}

/** Reads a body as JSON, in the charset of its Content-Type; undefined when it is empty. */
export async function readJson(answer: StreamedAnswer, maxBytes: number): Promise<unknown> {
  const bytes = await readWhole(boundedBody(answer, maxBytes));
  if (bytes.length === 0) return undefined;
  const reading = readJsonBytes(toUtf8(bytes, answer));
  if (reading.ok) return reading.value;
  throw notJson(answer, reading);
}

/**
 * Converts a body from the charset of its Content-Type to UTF-8. An unknown charset is treated as UTF-8: it usually is, and if not,
 * decoding fails.
 */
export function toUtf8(bytes: Buffer, { headers }: StreamedAnswer): Buffer {
  const charset = charsetOf(headerText(headers, "content-type"));
  const stream = new Utf8Stream(charset !== null && isKnownCharset(charset) ? charset : null);
  return Buffer.concat([stream.push(bytes), stream.end()]);
}

/** The error for a body that is not JSON. It has no cause: the parser's own message would quote the body. */
export function notJson(answer: StreamedAnswer, reading?: JsonReading & { ok: false }): HttpError {
  const isOther = reading !== undefined && reading.fault !== "syntax";
  const what = isOther ? `that ${reading.problem}` : "that is not JSON, or is cut off";
  return answer.failure("not-json", `answered with something ${what}`);
}
