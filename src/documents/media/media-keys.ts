import { createHash } from "node:crypto";
import * as z from "zod";
import type { ValueCache } from "../../kernel/util/value-cache.ts";

/** A memory of a source. */
export interface MediaOwner {
  /** The source's address; distinguishes its memories from those of another source with the same ids. */
  sourceName: string;
  contextId: string;
  memoryId: string;
}

/** The cache key for the digest of a memory's medium. `version` is that of the memory. */
export function fileKey(
  owner: MediaOwner,
  version: string,
  { kind, maxBytes }: { kind: string; maxBytes: number },
): string {
  return `${fileKeysOf(owner)}${digest([version, kind, maxBytes])}`;
}

/** Identifies one way of reading a memory's medium. */
export function triedKey(
  version: string,
  { reader, sourceName, maxBytes }: { reader: { identity: string }; sourceName: string; maxBytes: number },
): string {
  return digest([version, reader.identity, sourceName, maxBytes]);
}

/** The cache key for a reader's result for these bytes. */
export function readingKey(hash: string, { identity }: { identity: string }): string {
  return `${readingKeysOf(hash)}${digest([identity])}`;
}

const hashSchema = z.object({ hash: z.string() });

/**
 * Removes everything cached for a memory's media; resolves to the number of entries. Other memories with the same bytes have them
 * read again.
 */
export async function forgetMedia(cache: ValueCache, owner: MediaOwner): Promise<number> {
  const files = await cache.removeBeginning(fileKeysOf(owner));
  const hashes = files.flatMap((file) => hashSchema.safeParse(file).data?.hash ?? []);
  let forgotten = files.length;
  for (const hash of new Set(hashes)) {
    const readings = await cache.removeBeginning(readingKeysOf(hash));
    forgotten += readings.length;
  }
  return forgotten;
}

function fileKeysOf({ sourceName, contextId, memoryId }: MediaOwner): string {
  return `media/file/${digest([sourceName, contextId, memoryId])}/`;
}

function readingKeysOf(hash: string): string {
  return `media/reading/${hash}/`;
}

function digest(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
