import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { HttpError } from "../../kernel/http/http-error.ts";
import { cleanText } from "./clean-text.ts";
import { isPlainFileSource } from "./document-id.ts";
import type { OutgoingDocument } from "./light-rag-client.ts";

/** LightRAG's own limit for the body of an insert since 1.5.5, minus room for everything but the text. Bytes. */
const maxTextBytes = 50 * 1024 * 1024 - 64 * 1024;

/**
 * Why LightRAG would never accept this document; undefined when it may. LightRAG answers most of these cases with a 500 that looks
 * transient (LightRAG contract §3.4), or closes the connection.
 */
export function localRejection(document: OutgoingDocument): ConnectorError | undefined {
  const { fileSource, text } = document;
  if (!isPlainFileSource(fileSource)) return rejection("LightRAG would change its name", fileSource);
  if (cleanText(text) === "") return rejection("it holds no text that LightRAG would store", fileSource);
  if (isTooLong(text)) return tooLarge(fileSource);
  return undefined;
}

export function rejection(why: string, fileSource: string, cause?: unknown): ConnectorError {
  const message = `LightRAG does not take the document "${fileSource}": ${why}`;
  return new ConnectorError("SINK_REJECTED", message, { subject: fileSource, cause, ...statusOf(cause) });
}

export function tooLarge(fileSource: string, cause?: unknown): ConnectorError {
  const message = `the document "${fileSource}" is too large for LightRAG`;
  return new ConnectorError("SINK_DOCUMENT_TOO_LARGE", message, {
    subject: fileSource,
    cause,
    ...statusOf(cause),
  });
}

/** A rejection with a status is the server's answer; one without was detected in the document. */
function statusOf(cause: unknown): { status?: number } {
  return cause instanceof HttpError && cause.status !== undefined ? { status: cause.status } : {};
}

/** Measured as sent: JSON escapes make a text up to six times as long. */
function isTooLong(text: string): boolean {
  return text.length * 6 > maxTextBytes && Buffer.byteLength(JSON.stringify(text)) > maxTextBytes;
}
