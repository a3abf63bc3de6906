import type { HttpRequest } from "../../../kernel/http/http-request.ts";
import { sendableText } from "../clean-text.ts";
import type { OutgoingDocument } from "../light-rag-client.ts";

/** The insert of one or several documents. Sent again only when it certainly did not arrive. */
export function insertRequest(documents: readonly OutgoingDocument[]): HttpRequest {
  const texts = documents.map(({ text }) => sendableText(text));
  const sources = documents.map(({ fileSource }) => fileSource);
  const [text, file_source] = [texts[0], sources[0]];
  const common = { method: "POST", retry: "undelivered" } as const;
  return documents.length === 1
    ? { ...common, path: ["documents", "text"], json: { text, file_source } }
    : { ...common, path: ["documents", "texts"], json: { texts, file_sources: sources } };
}
