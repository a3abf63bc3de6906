import { bulkhead } from "cockatiel";
import { z } from "zod";
import type { Memory } from "../../domain/memory.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { throughGate } from "../../kernel/http/abort.ts";
import type { MediumKey, UnreadMedium } from "../../kernel/util/unread-medium.ts";
import type { CacheValue, ValueCache } from "../../kernel/util/value-cache.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import { type LocalMedium, withDownload } from "./download.ts";
import { fileKey, readingKey, triedKey } from "./media-keys.ts";
import type { MediaReader } from "./media-reader.ts";
import { isOfOneMedium } from "./one-medium.ts";
import type { ReadingBudget } from "./reading-budget.ts";
import type { UnreadMedia } from "./unread-media.ts";

export interface MediaLibraryParts<Reading extends CacheValue> {
  source: Pick<MemorySource, "download">;
  /** Tells the memories of this source from those of another one that uses the same ids: its address. */
  sourceName: string;
  connectorId: string;
  reader: MediaReader<Reading>;
  cache: ValueCache;
  unread: UnreadMedia;
  budget: ReadingBudget;
  /** Of one medium. */
  maxBytes: number;
  /** Media that are downloaded or read at the same time. */
  maxConcurrent: number;
  /** Called with the reason why a medium is not read for now. */
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
const fileSchema = z.object({ hash: z.string() });

/** A medium's words, or why there are none for now. */
export type Attempted<Reading> = { reading: Reading } | { failed: UnreadMedium };

/** A medium of a memory as it would be tried now. */
interface Wanted {
  memory: MediumKey;
  tried: string;
  /** Where it is remembered which bytes it has. */
  fileKey: string;
}

/**
 * Reads media of one kind and remembers what they said: by the bytes of the medium, so that no medium is paid for twice, and
 * by memory, so that it is not even downloaded twice. A memory counts as the same one as long as the source gives it the
 * same `updated_at`. Made anew for each run.
 */
export class MediaLibrary<Reading extends CacheValue> {
  readonly #parts: MediaLibraryParts<Reading>;
  readonly #slots;
  #closed: ConnectorError | null = null;
  /** Failures that were found to be no medium's own, so that nobody asks again on their way out. */
  readonly #everybodys = new WeakSet<ConnectorError>();

  constructor(parts: MediaLibraryParts<Reading>) {
    this.#parts = parts;
    this.#slots = bulkhead(parts.maxConcurrent, Number.POSITIVE_INFINITY);
  }

  /** What the memory's medium says. Throws the coded reason when no medium can be read now. */
  async read(contextId: string, memory: Memory, signal: AbortSignal): Promise<Attempted<Reading>> {
    const wanted = this.#wanted(contextId, memory);
    const reading = await this.#remembered(wanted);
    if (reading !== undefined) return { reading };
    const failed = await this.#parts.unread.find(wanted.memory, wanted.tried);
    if (failed !== undefined && this.#parts.unread.isLeftAlone(failed)) return { failed };
    return throughGate(this.#slots, () => this.#try(wanted, failed !== undefined, signal), signal);
  }

  async #remembered({ fileKey }: Wanted): Promise<Reading | undefined> {
    const file = fileSchema.safeParse(await this.#parts.cache.get(fileKey)).data;
    return file && this.#recall(file.hash);
  }

  async #try(wanted: Wanted, hasFailed: boolean, signal: AbortSignal): Promise<Attempted<Reading>> {
    if (this.#closed !== null) throw this.#closed;
    const attempted = await this.#noting(wanted, null, () => this.#fetch(wanted, signal), signal);
    if (hasFailed && "reading" in attempted) await this.#parts.unread.forget(wanted.memory);
    return attempted;
  }

  #fetch(wanted: Wanted, signal: AbortSignal): Promise<Attempted<Reading>> {
    const { source, reader, maxBytes, cache } = this.#parts;
    const { contextId, memoryId } = wanted.memory;
    const useMedium = async (medium: LocalMedium) => {
      await cache.put(wanted.fileKey, { hash: medium.hash });
      const reading = await this.#recall(medium.hash);
      return reading === undefined ? this.#readAnew(wanted, medium, signal) : { reading };
    };
    return withDownload(source, { contextId, memoryId, kind: reader.kind, maxBytes }, useMedium, signal);
  }

  /** The memory may have changed and its medium not. */
  async #readAnew(wanted: Wanted, medium: LocalMedium, signal: AbortSignal): Promise<Attempted<Reading>> {
    const { unread, reader } = this.#parts;
    const bytes = readingKey(medium.hash, reader);
    const failed = await unread.findBytes(wanted.memory, bytes);
    if (failed !== undefined && unread.isLeftAlone(failed))
      return { failed: await unread.keep(failed, wanted) };
    return this.#noting(wanted, bytes, () => this.#pay(medium, bytes, signal), signal);
  }

  async #pay(medium: LocalMedium, bytes: string, signal: AbortSignal): Promise<Attempted<Reading>> {
    await this.#parts.budget.take();
    const reading = await this.#parts.reader.read(medium, signal);
    await this.#parts.cache.put(bytes, { reading });
    return { reading };
  }

  /** Runs `work`; a failure of this medium is written down, that of the way to it is thrown. */
  async #noting(
    { memory, tried }: Wanted,
    bytes: string | null,
    work: () => Promise<Attempted<Reading>>,
    signal: AbortSignal,
  ): Promise<Attempted<Reading>> {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !isConnectorError(error) || this.#everybodys.has(error)) throw error;
      if (!(await this.#isOwn(error, signal))) {
        this.#everybodys.add(error);
        throw error;
      }
      this.#parts.onFailure(error);
      return { failed: await this.#parts.unread.note(memory, { tried, bytes, error }) };
    }
  }

  /** Whether the next medium may fare better; if not, none is tried any more in this run. */
  async #isOwn(error: ConnectorError, signal: AbortSignal): Promise<boolean> {
    if (ownErrors.has(error.code)) return true;
    const verdict = await isOfOneMedium(this.#parts.reader, error, signal);
    if (verdict === "all" || closing.has(error.code)) this.#closed = error;
    return verdict === "one";
  }

  /** The cached reading of these bytes; undefined when there is none. */
  async #recall(hash: string): Promise<Reading | undefined> {
    const { cache, reader } = this.#parts;
    const schema = z.object({ reading: reader.schema });
    return schema.safeParse(await cache.get(readingKey(hash, reader))).data?.reading;
  }

  #wanted(contextId: string, { id, createdAt, updatedAt }: Memory): Wanted {
    const { sourceName, connectorId, reader, maxBytes } = this.#parts;
    const version = updatedAt ?? createdAt;
    const { kind } = reader;
    return {
      memory: { connectorId, contextId, memoryId: id, kind },
      tried: triedKey(version, { reader, sourceName, maxBytes }),
      fileKey: fileKey({ sourceName, contextId, memoryId: id }, version, { kind, maxBytes }),
    };
  }
}
