import { z } from "zod";
import type { Memory } from "../../domain/memory.ts";
import type { MediumKey } from "../../kernel/util/unread-medium.ts";
import type { CacheValue, ValueCache } from "../../kernel/util/value-cache.ts";
import { fileKey, readingKey, triedKey } from "./media-keys.ts";
import type { MediaReader } from "./media-reader.ts";

export interface KeptReadingsParts<Reading extends CacheValue> {
  /** The source's address; distinguishes its memories from those of another source with the same ids. */
  sourceName: string;
  connectorId: string;
  reader: Pick<MediaReader<Reading>, "kind" | "identity" | "schema">;
  cache: Pick<ValueCache, "get" | "put">;
  /** Per medium. */
  maxBytes: number;
}

/** A medium of a memory, with the keys under which its results are stored. */
export interface MediumKeys {
  memory: MediumKey;
  tried: string;
  /** Cache key for the digest of its bytes. */
  fileKey: string;
}

const fileSchema = z.object({
  /** SHA-256 of its bytes, hex. */
  hash: z.string(),
  /** What the source said of them; left out by earlier versions. */
  mark: z
    .object({ tag: z.string().optional(), date: z.string().optional(), bytes: z.number().optional() })
    .optional(),
  /** When the source last said it. Milliseconds since the epoch; left out by earlier versions. */
  lookedAt: z.number().optional(),
  /** How often the source has had other bytes under the same memory. */
  revision: z.number().default(0),
  /** It has other bytes than these. */
  isReplaced: z.boolean().default(false),
});

/** What is kept of a memory's medium. */
export type KeptFile = z.infer<typeof fileSchema>;

/**
 * What is kept of media of one kind: the digest of a memory's medium, and the text of bytes. A memory counts as unchanged while the source
 * gives it the same `updated_at`.
 */
export class KeptReadings<Reading extends CacheValue> {
  readonly #parts: KeptReadingsParts<Reading>;

  constructor(parts: KeptReadingsParts<Reading>) {
    this.#parts = parts;
  }

  keysOf(contextId: string, { id, createdAt, updatedAt }: Memory): MediumKeys {
    const { sourceName, connectorId, reader, maxBytes } = this.#parts;
    const version = updatedAt ?? createdAt;
    const { kind } = reader;
    return {
      memory: { connectorId, contextId, memoryId: id, kind },
      tried: triedKey(version, { reader, sourceName, maxBytes }),
      fileKey: fileKey({ sourceName, contextId, memoryId: id }, version, { kind, maxBytes }),
    };
  }

  /** The text of the memory's medium; undefined when it has not been read. */
  async remembered(keys: Pick<MediumKeys, "fileKey">): Promise<Reading | undefined> {
    const file = await this.file(keys);
    return file === undefined || file.isReplaced ? undefined : this.recall(file.hash);
  }

  /** Undefined for a medium that was never there. */
  async file({ fileKey }: Pick<MediumKeys, "fileKey">): Promise<KeptFile | undefined> {
    return fileSchema.safeParse(await this.#parts.cache.get(fileKey)).data;
  }

  /** Notes the medium. Of earlier bytes it stays known that they were this memory's, so that erasing it takes their text as well. */
  async note({ fileKey }: Pick<MediumKeys, "fileKey">, file: KeptFile, former?: KeptFile): Promise<void> {
    const { cache } = this.#parts;
    if (former !== undefined && former.hash !== file.hash)
      await cache.put(`${fileKey}/${former.hash}`, { hash: former.hash });
    await cache.put(fileKey, JSON.parse(JSON.stringify(file)));
  }

  /** The text of these bytes; undefined when they have not been read. */
  async recall(hash: string): Promise<Reading | undefined> {
    const { cache, reader } = this.#parts;
    const schema = z.object({ reading: reader.schema });
    return schema.safeParse(await cache.get(readingKey(hash, reader))).data?.reading;
  }
}
