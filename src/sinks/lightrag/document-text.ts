import { cutText } from "../../kernel/util/text.ts";
import { cleanText } from "./clean-text.ts";
import type { DocumentRecord } from "./light-rag-client.ts";

/** Code points of a text that a record's summary shows (LightRAG contract §4.2). */
const summaryLength = 250;

/** What LightRAG's record of a text says about it. */
export interface TextSummary {
  contentSummary: string;
  /** Code points. */
  contentLength: number;
}

/** The summary that LightRAG makes of a text. */
export function summarize(text: string): TextSummary {
  const stored = cleanText(text);
  const contentLength = codePointsOf(stored);
  if (contentLength <= summaryLength) return { contentSummary: stored, contentLength };
  return { contentSummary: `${cutText(stored, summaryLength)}...`, contentLength };
}

function codePointsOf(text: string): number {
  return text.length - (text.match(/[\u{10000}-\u{10FFFF}]/gu)?.length ?? 0);
}

/**
 * Whether a record proves that LightRAG holds this text. Length and first 250 characters are all that LightRAG shows of a text;
 * they are proof because every document of ours carries its own fingerprint in its first line.
 */
export function holdsText(record: DocumentRecord, text: string): boolean {
  return showsText(record, summarize(text));
}

/** The same for a text of which only the summary was kept. */
export function showsText(record: DocumentRecord, expected: TextSummary): boolean {
  return record.contentLength === expected.contentLength && record.contentSummary === expected.contentSummary;
}
