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
  cache: Pick<ValueCache, "get">;
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

const fileSchema = z.object({ hash: z.string() });

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
  async remembered({ fileKey }: Pick<MediumKeys, "fileKey">): Promise<Reading | undefined> {
    const file = fileSchema.safeParse(await this.#parts.cache.get(fileKey)).data;
    return file && this.recall(file.hash);
  }

  /** The text of these bytes; undefined when they have not been read. */
  async recall(hash: string): Promise<Reading | undefined> {
    const { cache, reader } = this.#parts;
    const schema = z.object({ reading: reader.schema });
    return schema.safeParse(await cache.get(readingKey(hash, reader))).data?.reading;
  }
}
