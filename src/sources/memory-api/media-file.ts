import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { limitBytes } from "../../kernel/http/bounded-body.ts";
import { headerText, type StreamedAnswer } from "../../kernel/http/exchange.ts";
import type { DownloadedMedia, MediaKind, MediaRequest } from "../memory-source.ts";

/** Source: the media paths of the Memory API's OpenAPI document. */
export const mediaTypes: Record<MediaKind, readonly string[]> = {
  audio: ["audio/mpeg", "audio/ogg", "audio/webm"],
  image: ["image/jpeg", "image/png"],
};

/** For people: `audio of memory "17"`. */
export function mediaName({ kind, memoryId }: MediaRequest): string {
  return `${kind} of memory ${JSON.stringify(memoryId)}`;
}

/**
 * Streams an answer into `path`: first into a temporary file next to it, which is renamed when it is whole, so that `path` never
 * holds half a medium. Throws `MEDIA_TYPE_UNSUPPORTED`, `MEDIA_TOO_LARGE` or `MEDIA_NOT_WRITTEN`; a broken connection passes
 * through.
 */
export async function saveMedia(
  answer: StreamedAnswer,
  request: MediaRequest,
  path: string,
): Promise<DownloadedMedia> {
  const contentType = checkContentType(answer, request);
  const tooLarge = () => tooLargeError(request);
  if (Number(headerText(answer.headers, "content-length") ?? 0) > request.maxBytes) throw tooLarge();
  const partPath = `${path}.${randomUUID()}.part`;
  try {
    const bytes = await writeFile(partPath, limitBytes(answer.body, request.maxBytes, tooLarge));
    await onDisk(path, () => rename(partPath, path));
    return { contentType, bytes };
  } catch (error) {
    await rm(partPath, { force: true });
    throw error;
  }
}

async function writeFile(path: string, body: AsyncIterable<Buffer>): Promise<number> {
  const file = await onDisk(path, () => open(path, "wx", 0o600));
  try {
    return await writeAll(file, path, body);
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, path: string, body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) {
    await onDisk(path, () => file.writeFile(chunk));
    bytes += chunk.length;
  }
  return bytes;
}

/** Separates failures on our side from those of the source. */
async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectorError("MEDIA_NOT_WRITTEN", `${path}: ${reason}`, { subject: path, cause: error });
  }
}

function checkContentType(answer: StreamedAnswer, request: MediaRequest): string {
  const header = headerText(answer.headers, "content-type") ?? "";
  const contentType = (header.split(";")[0] ?? "").trim().toLowerCase();
  if (mediaTypes[request.kind].includes(contentType)) return contentType;
  const message = `${mediaName(request)} came as ${JSON.stringify(contentType)}, not as ${mediaTypes[request.kind].join(" or ")}`;
  throw new ConnectorError("MEDIA_TYPE_UNSUPPORTED", message, { subject: request.memoryId });
}

function tooLargeError(request: MediaRequest): ConnectorError {
  const message = `${mediaName(request)} is larger than ${request.maxBytes} bytes`;
  return new ConnectorError("MEDIA_TOO_LARGE", message, { subject: request.memoryId });
}
