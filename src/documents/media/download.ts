import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { makeTemporaryFolder } from "../../kernel/util/temporary-folder.ts";
import type { MediaRequest, MemorySource } from "../../sources/memory-source.ts";
import type { MediaFile } from "./media-reader.ts";

/** A downloaded medium on the local disk. */
export interface LocalMedium extends MediaFile {
  /** SHA-256 of its bytes, hex. */
  hash: string;
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

const ascii = (text: string) => Array.from(Buffer.from(text, "latin1"));

/**
 * The first bytes of media formats. Each format holds one picture or one recording; formats with pages (PDF, TIFF, GIF) are
 * excluded, so one medium is never more than one page.
 */
const signatures: readonly { contentType: string; bytes: readonly number[] }[] = [
  { contentType: "audio/mpeg", bytes: ascii("ID3") },
  { contentType: "audio/ogg", bytes: ascii("OggS") },
  { contentType: "audio/webm", bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { contentType: "image/jpeg", bytes: [0xff, 0xd8, 0xff] },
  { contentType: "image/png", bytes: [0x89, ...ascii("PNG\r\n\u001a\n")] },
];
const longest = 8;

/**
 * Detects the content type from a file's first bytes; null when it is unknown. The header of a download is only a claim, and a
 * model charges for whatever it is sent.
 */
export async function contentTypeOf(path: string): Promise<string | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longest), 0, longest, 0);
    return typeOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function typeOf(head: Buffer): string | null {
  const found = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  return found?.contentType ?? (isMpegFrame(head) ? "audio/mpeg" : null);
}

/** An MP3 without tags begins with the eleven set bits of a frame header, here of layer III. */
function isMpegFrame(head: Buffer): boolean {
  const [first = 0, second = 0] = head;
  return first === 0xff && (second & 0xe6) === 0xe2;
}
