import {
  classifyByWords,
  classifyRefusal,
  type EndpointMessage,
  isModelUnavailable,
} from "./classify-failure.ts";

/**
 * Whether the error in a failed document's record was caused by the models, so that any other document would fail now as well.
 * LightRAG records the message of its model library: `RateLimitError: Error code: 429 - {…}`, `RetryError[<Future … raised
 * APIConnectionError>]`, a bare `Error code: 401 - {…}`. Exception names and protocol terms are trusted; a sentence only as far as
 * it cannot quote the memory. A timeout does not count: a single huge document times out as well, and others must not wait for it.
 */
export function isModelFailure(record: string): boolean {
  const status = Number(/\b(?:error|status) code: (\d{3})\b/iu.exec(record)?.[1] ?? Number.NaN);
  const code = Number.isNaN(status)
    ? classifyByWords(saidIn(record))
    : classifyRefusal(status, saidIn(record));
  return code !== undefined && isModelUnavailable(code);
}

/** `Name: sentence`, or the endpoint's response after the status, in Python or JSON notation. */
function saidIn(record: string): EndpointMessage {
  const [head = "", answer] = record
    .replace(/^(?:RetryError\[)?C\[\d+\/\d+\]: \S+: /u, "")
    .split(/ - (?=\{)/u, 2);
  const names = opening(head).match(/\w+(?:Error|Exception|Exhausted|Unavailable|Denied|Limit)\b/gu) ?? [];
  const terms =
    answer?.matchAll(/(?<!\\)['"](?:code|type|status)['"]: ['"]?([\w.-]+)/gu).map(([, term = ""]) => term) ??
    [];
  const message = /['"]message['"]: (["'])(.*)/su.exec(answer ?? "")?.[2] ?? head;
  return { marks: [...names, ...terms].join(" "), message: opening(message) };
}

/** A sentence up to the first possible quotation. */
function opening(sentence: string): string {
  return sentence.split(/(?:^|[\s(])["'`\u201c\u2018\u00ab]|:\s/u, 1)[0] ?? "";
}
