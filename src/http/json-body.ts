import { limitBytes, readWhole } from "./bounded-body.ts";
import type { StreamedAnswer } from "./exchange.ts";
import type { HttpError } from "./http-error.ts";

/** The body of an answer; throws an `HttpError` of kind `too-large` beyond `maxBytes`. */
export function boundedBody(answer: StreamedAnswer, maxBytes: number): AsyncIterable<Buffer> {
  const tooLarge = () => answer.failure("too-large", `answered with more than ${maxBytes} bytes`);
  return limitBytes(answer.body, maxBytes, tooLarge);
}

/** Reads a body as JSON; undefined when it is empty. */
export async function readJson(answer: StreamedAnswer, maxBytes: number): Promise<unknown> {
  const bytes = await readWhole(boundedBody(answer, maxBytes));
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw notJson(answer);
  }
}

/** The error for a body that is not JSON. It has no cause: the parser's own message would quote the body. */
export function notJson(answer: StreamedAnswer): HttpError {
  return answer.failure("not-json", "answered with something that is not JSON, or is cut off");
}
