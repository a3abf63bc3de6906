import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { limitBytes } from "../kernel/http/bounded-body.ts";
import type { MediaRequest } from "./memory-source.ts";

/** For people: `audio of memory "17"`. */
export function mediaName({ kind, memoryId }: MediaRequest): string {
  return `${kind} of memory ${JSON.stringify(memoryId)}`;
}

/**
 * Streams a medium into `path`: first into a temporary file next to it, which is renamed when it is whole, so that `path` never holds half a
 * medium. Resolves to its size in bytes. Throws `MEDIA_TOO_LARGE` or `MEDIA_NOT_WRITTEN`; what `body` throws passes through.
 */
export async function saveMedia(
  body: AsyncIterable<Buffer>,
  request: MediaRequest,
  path: string,
): Promise<number> {
  const partPath = `${path}.${randomUUID()}.part`;
  try {
    const bytes = await writeFile(
      partPath,
      limitBytes(body, request.maxBytes, () => tooLarge(request)),
    );
    await onDisk(path, () => rename(partPath, path));
    return bytes;
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

/** The error of a medium that the memory has not, or no longer. */
export function noMedium(request: MediaRequest): ConnectorError {
  const message = `there is no ${mediaName(request)}`;
  return new ConnectorError("MEDIA_NOT_FOUND", message, { subject: request.memoryId });
}

/** The error of a medium that is larger than the request allows. */
export function tooLarge(request: MediaRequest): ConnectorError {
  const message = `${mediaName(request)} is larger than ${request.maxBytes} bytes`;
  return new ConnectorError("MEDIA_TOO_LARGE", message, { subject: request.memoryId });
}
