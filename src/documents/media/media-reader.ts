import type { z } from "zod";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import type { MediaKind } from "../../sources/memory-source.ts";

/** A downloaded medium. */
export interface MediaFile {
  path: string;
  /** As its first bytes say. */
  contentType: string;
}

/**
 * The port to a model that makes text of a medium. Contract:
 * - `read` throws a `MODEL_*` error: `MODEL_REQUEST_REFUSED` when this medium will never be read, another when it may work later.
 * - It costs money: it is called only for media that were not read before.
 * - An abort rejects with an AbortError or `CANCELLED`.
 */
export interface MediaReader<Reading extends CacheValue> {
  readonly kind: MediaKind;
  /** Model and way of asking. Readings of another identity are not taken from the cache. */
  readonly identity: string;
  /** The shape of a reading, for those that come from a cache. */
  readonly schema: z.ZodType<Reading>;
  read(file: MediaFile, signal: AbortSignal): Promise<Reading>;
}
