import { bulkhead } from "cockatiel";
import { z } from "zod";
import type { ErrorCode } from "../errors/codes.ts";
import { type ConnectorError, isConnectorError } from "../errors/connector-error.ts";
import { throughGate } from "../http/abort.ts";
import type { Memory } from "../memory/memory.ts";
import type { MemorySource } from "../memory/memory-source.ts";
import type { Clock } from "../util/clock.ts";
import type { CacheValue, ValueCache } from "../util/value-cache.ts";
import { type LocalMedium, withDownload } from "./download.ts";
import { fileKey, readingKey } from "./media-keys.ts";
import type { MediaReader } from "./media-reader.ts";
import type { ReadingBudget } from "./reading-budget.ts";

export interface MediaLibraryParts<Reading extends CacheValue> {
  source: Pick<MemorySource, "download">;
  /** Tells the memories of this source from those of another one that uses the same ids: its address. */
  sourceName: string;
  reader: MediaReader<Reading>;
  cache: ValueCache;
  budget: ReadingBudget;
  clock: Clock;
  /** Of one medium. */
  maxBytes: number;
  /** Media that are downloaded or read at the same time. */
  maxConcurrent: number;
  /** Hears why a medium will not be read for now. */
  onFailure: (error: ConnectorError) => void;
}

/** Errors that say that this medium cannot be read, whoever tries. */
const hopeless: ReadonlySet<string> = new Set<ErrorCode>([
  "MEDIA_NOT_FOUND",
  "MEDIA_TOO_LARGE",
  "MEDIA_TYPE_UNSUPPORTED",
  "MODEL_REQUEST_REFUSED",
]);
/** Errors after which no other medium needs to be tried in this run. */
const closing: ReadonlySet<string> = new Set<ErrorCode>([
  "MEDIA_BUDGET_SPENT",
  "MODEL_KEY_REFUSED",
  "MODEL_QUOTA",
  "MODEL_UNKNOWN",
]);
/** A medium that cannot be read is looked at again after a day: limits, models and the source may have changed. */
const failureStandsMs = 86_400_000;

const failureSchema = z.object({ failedAt: z.number() });
const fileSchema = z.union([failureSchema, z.object({ hash: z.string() })]);

/**
 * Reads media of one kind and remembers what they said: by the bytes of the medium, so that no medium is paid for twice, and
 * by memory, so that it is not even downloaded twice. A memory counts as the same one as long as the source gives it the
 * same `updated_at`. Made anew for each run.
 */
export class MediaLibrary<Reading extends CacheValue> {
  readonly #parts: MediaLibraryParts<Reading>;
  readonly #slots;
  #closed: ConnectorError | null = null;

  constructor(parts: MediaLibraryParts<Reading>) {
    this.#parts = parts;
    this.#slots = bulkhead(parts.maxConcurrent, Number.POSITIVE_INFINITY);
  }

  /** What the memory's medium says; null when it cannot be read. Throws the coded reason when it cannot be read now. */
  async read(contextId: string, memory: Memory, signal: AbortSignal): Promise<Reading | null> {
    const key = this.#fileKey(contextId, memory);
    const file = fileSchema.safeParse(await this.#parts.cache.get(key)).data;
    if (file !== undefined && "failedAt" in file && this.#stands(file)) return null;
    const known = file !== undefined && "hash" in file ? await this.#recall(file.hash) : undefined;
    if (known !== undefined) return known;
    return throughGate(this.#slots, () => this.#fetch(key, contextId, memory, signal), signal);
  }

  async #fetch(key: string, contextId: string, memory: Memory, signal: AbortSignal): Promise<Reading | null> {
    if (this.#closed !== null) throw this.#closed;
    const { source, reader, maxBytes } = this.#parts;
    const request = { contextId, memoryId: memory.id, kind: reader.kind, maxBytes };
    const useMedium = async (medium: LocalMedium) => {
      await this.#parts.cache.put(key, { hash: medium.hash });
      const known = await this.#recall(medium.hash);
      return known === undefined ? this.#pay(medium, signal) : known;
    };
    return this.#givingUp(key, () => withDownload(source, request, useMedium, signal));
  }

  async #pay(medium: LocalMedium, signal: AbortSignal): Promise<Reading | null> {
    const key = this.#readingKey(medium.hash);
    await this.#parts.budget.take();
    return this.#givingUp(key, async () => {
      const reading = await this.#parts.reader.read(medium, signal);
      await this.#parts.cache.put(key, { reading });
      return reading;
    });
  }

  /** Runs `work`; a hopeless failure is written down under the key and gives null. */
  async #givingUp(key: string, work: () => Promise<Reading | null>): Promise<Reading | null> {
    try {
      return await work();
    } catch (error) {
      if (isConnectorError(error) && closing.has(error.code)) this.#closed = error;
      if (!isConnectorError(error) || !hopeless.has(error.code)) throw error;
      this.#parts.onFailure(error);
      await this.#parts.cache.put(key, { failedAt: this.#parts.clock.now() });
      return null;
    }
  }

  /** The reading of these bytes; null when they could not be read; undefined when nobody has tried. */
  async #recall(hash: string): Promise<Reading | null | undefined> {
    const schema = z.union([failureSchema, z.object({ reading: this.#parts.reader.schema })]);
    const known = schema.safeParse(await this.#parts.cache.get(this.#readingKey(hash))).data;
    if (known === undefined) return undefined;
    if ("reading" in known) return known.reading;
    return this.#stands(known) ? null : undefined;
  }

  #stands({ failedAt }: { failedAt: number }): boolean {
    return this.#parts.clock.now() - failedAt < failureStandsMs;
  }

  #fileKey(contextId: string, memory: Memory): string {
    const { sourceName, reader, maxBytes } = this.#parts;
    const owner = { sourceName, contextId, memoryId: memory.id };
    return fileKey(owner, memory.updatedAt ?? memory.createdAt, { kind: reader.kind, maxBytes });
  }

  #readingKey(hash: string): string {
    return readingKey(hash, this.#parts.reader);
  }
}
