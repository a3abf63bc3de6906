import { createHash } from "node:crypto";
import * as z from "zod";
import type { ValueCache } from "../../kernel/util/value-cache.ts";

/** A memory of a source. */
export interface MediaOwner {
  /** Tells the memories of one source from those of another that uses the same ids: its address. */
  sourceName: string;
  contextId: string;
  memoryId: string;
}

/** Where it is remembered which bytes a memory's medium has. `version` is the memory's own. */
export function fileKey(
  owner: MediaOwner,
  version: string,
  { kind, maxBytes }: { kind: string; maxBytes: number },
): string {
  return `${fileKeysOf(owner)}${digest([version, kind, maxBytes])}`;
}

/** Tells one way of reading a memory's medium from another. */
export function triedKey(
  version: string,
  { reader, sourceName, maxBytes }: { reader: { identity: string }; sourceName: string; maxBytes: number },
): string {
  return digest([version, reader.identity, sourceName, maxBytes]);
}

/** Where it is remembered what a reader made of these bytes. */
export function readingKey(hash: string, { identity }: { identity: string }): string {
  return `${readingKeysOf(hash)}${digest([identity])}`;
}

const hashSchema = z.object({ hash: z.string() });

/**
 * Forgets all that is remembered of a memory's media; resolves to how many answers that were. Other memories with the very same
 * bytes have them read anew.
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
