import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { headerText, type StreamedAnswer } from "../../kernel/http/exchange.ts";
import type { DownloadedMedia, MediaKind, MediaRequest } from "../memory-source.ts";
import { mediaName, saveMedia, tooLarge } from "../save-media.ts";

/** Source: the media paths of the Memory API's OpenAPI document. */
export const mediaTypes: Record<MediaKind, readonly string[]> = {
  audio: ["audio/mpeg", "audio/ogg", "audio/webm"],
  image: ["image/jpeg", "image/png"],
};

/**
 * Streams an answer into `path`, as `saveMedia` does. Throws `MEDIA_TYPE_UNSUPPORTED`, too; a broken connection passes through.
 */
export async function saveAnswer(
  answer: StreamedAnswer,
  request: MediaRequest,
  path: string,
): Promise<DownloadedMedia> {
  const contentType = checkContentType(answer, request);
  if (Number(headerText(answer.headers, "content-length") ?? 0) > request.maxBytes) throw tooLarge(request);
  return { contentType, bytes: await saveMedia(answer.body, request, path) };
}

function checkContentType(answer: StreamedAnswer, request: MediaRequest): string {
  const header = headerText(answer.headers, "content-type") ?? "";
  const contentType = (header.split(";")[0] ?? "").trim().toLowerCase();
  if (mediaTypes[request.kind].includes(contentType)) return contentType;
  const message = `${mediaName(request)} came as ${JSON.stringify(contentType)}, not as ${mediaTypes[request.kind].join(" or ")}`;
  throw new ConnectorError("MEDIA_TYPE_UNSUPPORTED", message, { subject: request.memoryId });
}
