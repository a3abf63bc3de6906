import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MediumMark } from "../../kernel/http/medium-mark.ts";
import { makeTemporaryFolder } from "../../kernel/util/temporary-folder.ts";
import type { DownloadedMedia, MediaRequest, MemorySource } from "../../sources/memory-source.ts";
import { contentTypeOfBytes, headBytes, readableFormats } from "./media-formats.ts";
import type { MediaFile } from "./media-reader.ts";

/** A downloaded medium on the local disk. */
export interface LocalMedium extends MediaFile {
  /** SHA-256 of its bytes, hex. */
  hash: string;
  /** What the source says of them. */
  mark: MediumMark;
}

/**
 * Downloads a medium for the duration of `use`; nothing remains on disk. Throws what the source throws, `SYSTEM_REFUSED` without a
 * place for temporary files, and `MEDIA_TYPE_UNSUPPORTED` when the bytes are not of the requested kind.
 */
export async function withDownload<T>(
  source: Pick<MemorySource, "download">,
  request: MediaRequest,
  use: (medium: LocalMedium) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const folder = await makeTemporaryFolder("memory-connector-");
  try {
    const path = join(folder, request.kind);
    const claim = await source.download(request, path, signal);
    const contentType = await checkedType(path, request, claim);
    const { mark = {} } = claim;
    return await use({ path, contentType, mark, hash: await hashOf(path, signal) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The header of a download is only a claim, often `application/octet-stream`, and a model charges for whatever it is sent. */
async function checkedType(
  path: string,
  { kind, memoryId }: MediaRequest,
  claim: DownloadedMedia,
): Promise<string> {
  const contentType = contentTypeOfBytes(kind, await headOf(path));
  if (contentType !== null) return contentType;
  const what = `the ${kind} of memory ${JSON.stringify(memoryId)}, which came as ${JSON.stringify(claim.contentType)},`;
  const message = `${what} begins like no ${kind} that can be read`;
  const hint = `correct it at the source, or convert it there: what begins as ${readableFormats(kind)} is read`;
  throw new ConnectorError("MEDIA_TYPE_UNSUPPORTED", message, { subject: memoryId, hint });
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest("hex");
}
