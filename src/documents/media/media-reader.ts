import type { z } from "zod";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import type { MediaKind } from "../../sources/memory-source.ts";

/** A downloaded medium. */
export interface MediaFile {
  path: string;
  /** Detected from its first bytes. */
  contentType: string;
}

/**
 * The port to a model that turns a medium into text. Contract:
 * - `read` throws a `MODEL_*` error: `MODEL_REQUEST_REFUSED` when this medium can never be read, another one when it may work later.
 * - It costs money: it is called only for media that have not been read before. `spend` is awaited before each request to the model,
 *   repeated ones included; what it throws ends the reading.
 * - An abort rejects with an AbortError or `CANCELLED`.
 */
export interface MediaReader<Reading extends CacheValue> {
  readonly kind: MediaKind;
  /** Model and prompt. Cached readings of another identity are not used. */
  readonly identity: string;
  /** Validates cached readings. */
  readonly schema: z.ZodType<Reading>;
  read(file: MediaFile, signal: AbortSignal, spend?: () => Promise<void>): Promise<Reading>;
}
