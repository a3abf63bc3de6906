import { headerText, type StreamedAnswer } from "../../kernel/http/exchange.ts";
import type { HttpClient } from "../../kernel/http/http-client.ts";
import { HttpError } from "../../kernel/http/http-error.ts";
import type { HttpRequest } from "../../kernel/http/http-request.ts";
import { notJson } from "../../kernel/http/json-body.ts";
import { charsetOf, isKnownCharset } from "../../kernel/util/decode/charset.ts";
import { type ListBodyOptions, type MemoryList, readItemList } from "./memory-list.ts";
import type { ListFormat } from "./parsed-item.ts";
import { type CallSubject, type SourceWords, unknownCharset } from "./source-error.ts";

/** What a client of a source needs of an HTTP client. */
export type SourceHttp = Pick<HttpClient, "stream" | "close">;

export interface AskOptions extends SourceWords {
  format: ListFormat;
  /** The charset of listings, overriding their Content-Type; null to use it. */
  charset: string | null;
  /** A larger item of a listing is malformed. Bytes. */
  maxItemBytes: number;
  /** The most that is held of a listing's answer. Bytes. */
  maxAnswerBytes: number;
}

/**
 * Asks for one list. An answer that breaks off is asked for again; once no attempt brings more, the longest part that came is
 * resolved to, with `isWhole` false. Failures of HTTP are thrown as they are.
 */
export async function askList(
  http: SourceHttp,
  call: HttpRequest,
  subject: CallSubject,
  options: AskOptions,
  signal: AbortSignal,
): Promise<MemoryList> {
  const cut: CutAnswers = { best: null };
  return http
    .stream(call, (answer) => readAnswer(answer, subject, options, cut), signal)
    .catch((error: unknown) => {
      // Once no attempt brings more, what came before the break is better than nothing.
      if (cut.best === null || signal.aborted || !isBreak(error)) throw error;
      return cut.best;
    });
}

/** The longest answer that broke off. */
interface CutAnswers {
  best: MemoryList | null;
}

/** Throws for an answer that breaks off, so that the request is retried, and keeps the content of the longest one. */
async function readAnswer(
  answer: StreamedAnswer,
  subject: CallSubject,
  options: AskOptions,
  cut: CutAnswers,
): Promise<MemoryList> {
  const { maxAnswerBytes } = options;
  const charset = options.charset ?? charsetOf(headerText(answer.headers, "content-type"));
  if (charset !== null && !isKnownCharset(charset)) throw unknownCharset(charset, subject, options);
  const tooLarge = () => answer.failure("too-large", `answered with more than ${maxAnswerBytes} bytes`);
  const { format, maxItemBytes } = options;
  const body: ListBodyOptions = {
    format,
    head: answer,
    charset,
    maxItemBytes,
    maxHeldBytes: maxAnswerBytes,
    tooLarge,
  };
  let reason: unknown = null;
  const list = await readItemList(answer.body, body, (broken) => {
    reason = broken;
  }).catch((error: unknown) => {
    throw error instanceof SyntaxError ? notJson(answer) : error;
  });
  if (list.isWhole) return list;
  if (list.received > (cut.best?.received ?? 0)) cut.best = list;
  throw reason ?? notJson(answer);
}

function isBreak(error: unknown): boolean {
  return error instanceof HttpError && ["network", "timeout", "not-json"].includes(error.failure);
}
