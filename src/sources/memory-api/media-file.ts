import { headerText, type StreamedAnswer } from "../../kernel/http/exchange.ts";
import { markIn } from "../../kernel/http/medium-mark.ts";
import type { DownloadedMedia, MediaRequest } from "../memory-source.ts";
import { saveMedia, tooLarge } from "../save-media.ts";

/**
 * Streams an answer into `path`, as `saveMedia` does. A broken connection passes through. What the medium is
 * its first bytes say, later: the header is only a claim.
 */
export async function saveAnswer(
  answer: StreamedAnswer,
  request: MediaRequest,
  path: string,
): Promise<DownloadedMedia> {
  if (Number(headerText(answer.headers, "content-length") ?? 0) > request.maxBytes) throw tooLarge(request);
  const bytes = await saveMedia(answer.body, request, path);
  return { contentType: contentTypeOf(answer), bytes, mark: markIn(answer.headers) };
}

function contentTypeOf(answer: StreamedAnswer): string {
  const header = headerText(answer.headers, "content-type") ?? "";
  return (header.split(";")[0] ?? "").trim().toLowerCase();
}
