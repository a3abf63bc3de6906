import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MediaRequest, MemorySource } from "../../sources/memory-source.ts";
import type { MediaFile } from "./media-reader.ts";
import { contentTypeOf } from "./media-signature.ts";

/** A medium on this machine's disk. */
export interface LocalMedium extends MediaFile {
  /** SHA-256 of its bytes, hex. */
  hash: string;
}

/**
 * Downloads a medium for as long as `use` takes; nothing stays on disk. Throws what the source throws, and
 * `MEDIA_TYPE_UNSUPPORTED` when the bytes are not of the kind that was asked for.
 */
export async function withDownload<T>(
  source: Pick<MemorySource, "download">,
  request: MediaRequest,
  use: (medium: LocalMedium) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "memory-connector-"));
  try {
    const path = join(folder, request.kind);
    await source.download(request, path, signal);
    const contentType = await checkedType(path, request);
    return await use({ path, contentType, hash: await hashOf(path, signal) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkedType(path: string, { kind, memoryId }: MediaRequest): Promise<string> {
  const contentType = await contentTypeOf(path);
  if (contentType?.startsWith(`${kind}/`)) return contentType;
  const message = `the ${kind} of memory ${JSON.stringify(memoryId)} begins like no ${kind} that can be read`;
  throw new ConnectorError("MEDIA_TYPE_UNSUPPORTED", message, { subject: memoryId });
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest("hex");
}
