import { bulkhead } from "cockatiel";
import { z } from "zod";
import type { ErrorCode } from "../kernel/errors/codes.ts";
import { type ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import { throughGate } from "../kernel/http/abort.ts";
import { faultOf } from "../kernel/openai/whose-fault.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { CacheValue, ValueCache } from "../kernel/util/value-cache.ts";
import type { Memory } from "../memory/memory.ts";
import type { MemorySource } from "../memory/memory-source.ts";
import { type LocalMedium, withDownload } from "./download.ts";
import { type FailedReading, failedAgain, failureSchema, stands } from "./failed-reading.ts";
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
  /** Media that could not be read are tried again at once, however short their wait has been. */
  force: boolean;
  /** Hears why a medium will not be read for now. */
  onFailure: (error: ConnectorError) => void;
}

/** Errors of the source that are this medium's own. */
const ownErrors: ReadonlySet<string> = new Set<ErrorCode>([
  "MEDIA_NOT_FOUND",
  "MEDIA_TOO_LARGE",
  "MEDIA_TYPE_UNSUPPORTED",
]);
/** Errors after which no other medium needs to be tried in this run. */
const closing: ReadonlySet<string> = new Set<ErrorCode>([
  "MEDIA_BUDGET_SPENT",
  "MODEL_KEY_REFUSED",
  "MODEL_QUOTA",
  "MODEL_UNKNOWN",
]);
const fileSchema = z.union([failureSchema, z.object({ hash: z.string() })]);

/** A medium's words, or why there are none for now. */
export type Attempted<Reading> = { reading: Reading } | { failed: FailedReading };

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

  /** What the memory's medium says. Throws the coded reason when no medium can be read now. */
  async read(contextId: string, memory: Memory, signal: AbortSignal): Promise<Attempted<Reading>> {
    const key = this.#fileKey(contextId, memory);
    const file = fileSchema.safeParse(await this.#parts.cache.get(key)).data;
    const known = await this.#known(file);
    if (known !== undefined) return known;
    return throughGate(this.#slots, () => this.#fetch(key, contextId, memory, signal), signal);
  }

  /** What is to be believed of a file without a look at it. */
  async #known(file: z.output<typeof fileSchema> | undefined): Promise<Attempted<Reading> | undefined> {
    if (file === undefined) return undefined;
    if ("hash" in file) return this.#recall(file.hash);
    return this.#stands(file) ? { failed: file } : undefined;
  }

  async #fetch(
    key: string,
    contextId: string,
    memory: Memory,
    signal: AbortSignal,
  ): Promise<Attempted<Reading>> {
    if (this.#closed !== null) throw this.#closed;
    const { source, reader, maxBytes } = this.#parts;
    const request = { contextId, memoryId: memory.id, kind: reader.kind, maxBytes };
    const useMedium = async (medium: LocalMedium) => {
      await this.#parts.cache.put(key, { hash: medium.hash });
      return (await this.#recall(medium.hash)) ?? this.#pay(medium, signal);
    };
    return this.#noting(key, () => withDownload(source, request, useMedium, signal));
  }

  async #pay(medium: LocalMedium, signal: AbortSignal): Promise<Attempted<Reading>> {
    const key = this.#readingKey(medium.hash);
    await this.#parts.budget.take();
    return this.#noting(key, async () => {
      const reading = await this.#parts.reader.read(medium, signal);
      await this.#parts.cache.put(key, { reading });
      return { reading };
    });
  }

  /** Runs `work`; a failure of this medium is written down under the key, that of the way to it is thrown. */
  async #noting(key: string, work: () => Promise<Attempted<Reading>>): Promise<Attempted<Reading>> {
    try {
      return await work();
    } catch (error) {
      if (isConnectorError(error) && closing.has(error.code)) this.#closed = error;
      if (!isConnectorError(error) || !isOwn(error)) throw error;
      this.#parts.onFailure(error);
      const before = failureSchema.safeParse(await this.#parts.cache.get(key)).data;
      const failed = failedAgain(before, this.#parts.clock.now());
      await this.#parts.cache.put(key, failed);
      return { failed };
    }
  }

  /** The reading of these bytes, or that they could not be read; undefined when somebody has to try. */
  async #recall(hash: string): Promise<Attempted<Reading> | undefined> {
    const schema = z.union([failureSchema, z.object({ reading: this.#parts.reader.schema })]);
    const known = schema.safeParse(await this.#parts.cache.get(this.#readingKey(hash))).data;
    if (known === undefined || "reading" in known) return known;
    return this.#stands(known) ? { failed: known } : undefined;
  }

  #stands(failed: FailedReading): boolean {
    return !this.#parts.force && stands(failed, this.#parts.clock.now());
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

/** What the model makes of one medium says nothing of the next; what is wrong with the endpoint does. */
function isOwn({ code }: ConnectorError): boolean {
  const fault = faultOf(code);
  return ownErrors.has(code) || fault === "item" || fault === "model";
}
