import { codeOfRefusal, codeOfWords, isModelUnavailable, type Said } from "./whose-fault.ts";

/**
 * Whether the error in a failed document's record came from the models' side, so that another document would fare no better now. LightRAG
 * writes there what its model's library said: `RateLimitError: Error code: 429 - {…}`, `RetryError[<Future … raised APIConnectionError>]`, a
 * bare `Error code: 401 - {…}`. The names of exceptions and the terms of the endpoint are believed; a sentence only as far as it cannot be a
 * quotation of the memory. A time-out is none: one enormous document runs out of time as well, and others must not wait for it.
 */
export function isModelFailure(record: string): boolean {
  const status = Number(/\b(?:error|status) code: (\d{3})\b/iu.exec(record)?.[1] ?? Number.NaN);
  const code = Number.isNaN(status) ? codeOfWords(saidIn(record)) : codeOfRefusal(status, saidIn(record));
  return code !== undefined && isModelUnavailable(code);
}

/** `Name: sentence`, or the endpoint's answer behind the status as Python or JSON writes it. */
function saidIn(record: string): Said {
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

/** A sentence up to where it may begin to quote. */
function opening(sentence: string): string {
  return sentence.split(/(?:^|[\s(])["'`\u201c\u2018\u00ab]|:\s/u, 1)[0] ?? "";
}
