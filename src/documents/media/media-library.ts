import { bulkhead } from "cockatiel";
import type { Memory } from "../../domain/memory.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { throughGate } from "../../kernel/http/abort.ts";
import { believable } from "../../kernel/http/medium-mark.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import type { CacheValue, ValueCache } from "../../kernel/util/value-cache.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import { ChangedMedia } from "./changed-media.ts";
import { type LocalMedium, withDownload } from "./download.ts";
import { failureScope } from "./failure-scope.ts";
import { KeptReadings, type MediumKeys } from "./kept-readings.ts";
import { namingFormat } from "./media-formats.ts";
import { readingKey } from "./media-keys.ts";
import type { MediaReader } from "./media-reader.ts";
import type { ReadingBudget, Reservation } from "./reading-budget.ts";
import type { UnreadMedia } from "./unread-media.ts";

export interface MediaLibraryParts<Reading extends CacheValue> {
  source: Pick<MemorySource, "download" | "mediaMarks">;
  /** The source's address; distinguishes its memories from those of another source with the same ids. */
  sourceName: string;
  connectorId: string;
  reader: MediaReader<Reading>;
  cache: ValueCache;
  unread: UnreadMedia;
  budget: ReadingBudget;
  /** Per medium. */
  maxBytes: number;
  /** The most media that are downloaded or read at the same time. */
  maxConcurrent: number;
  clock: Pick<Clock, "now">;
  /** See `ChangedMedia`. */
  force: boolean;
  maxLooks: number;
  /** Called with the reason why a medium is not read at present. */
  onFailure: (error: ConnectorError) => void;
}

/** Errors that concern this medium alone. */
const errorsOfOneMedium: ReadonlySet<string> = new Set<ErrorCode>([
  "MEDIA_NOT_FOUND",
  "MEDIA_TOO_LARGE",
  "MEDIA_TYPE_UNSUPPORTED",
  "MEDIA_FORMAT_REFUSED",
]);
/** Errors after which no other medium is tried in this run. */
const runEndingErrors: ReadonlySet<string> = new Set<ErrorCode>([
  "MODEL_KEY_REFUSED",
  "MODEL_QUOTA",
  "MODEL_UNKNOWN",
]);

/** A medium's text, or why there is none at present. */
export type Attempted<Reading> = { reading: Reading } | { failed: UnreadMedium };

/**
 * Reads media of one kind and caches their text: by the bytes of the medium, so that no medium is paid for twice, and by memory, so
 * that it is not even downloaded twice. A memory counts as unchanged while the source gives it the same `updated_at`. One instance
 * per run.
 */
export class MediaLibrary<Reading extends CacheValue> {
  readonly #parts: MediaLibraryParts<Reading>;
  readonly #kept: KeptReadings<Reading>;
  readonly #changed: ChangedMedia;
  readonly #slots;
  #closed: ConnectorError | null = null;
  /** Failures that are known to concern more than one medium, so that the check is not repeated as they propagate. */
  readonly #sharedFailures = new WeakSet<ConnectorError>();

  constructor(parts: MediaLibraryParts<Reading>) {
    this.#parts = parts;
    this.#kept = new KeptReadings(parts);
    const { source, maxBytes, clock, force, maxLooks } = parts;
    const { mediaMarks: marks } = source;
    this.#changed = new ChangedMedia({ marks, kept: this.#kept, maxBytes, clock, force, maxLooks });
    this.#slots = bulkhead(parts.maxConcurrent, Number.POSITIVE_INFINITY);
  }

  /** How often other bytes were found under the same version of the memory; see `ChangedMedia`. */
  revisionOf(contextId: string, memory: Memory, signal: AbortSignal): Promise<number> {
    return this.#changed.revisionOf(contextId, memory, signal);
  }

  /** Resolves to the text of the memory's medium. Throws the coded reason when no medium can be read now. */
  async read(contextId: string, memory: Memory, signal: AbortSignal): Promise<Attempted<Reading>> {
    const keys = this.#kept.keysOf(contextId, memory);
    const reading = await this.#kept.remembered(keys);
    if (reading !== undefined) return { reading };
    const failed = await this.#parts.unread.find(keys.memory, keys.tried);
    if (failed !== undefined && this.#parts.unread.isInBackoff(failed)) return { failed };
    return throughGate(this.#slots, () => this.#try(keys, failed !== undefined, signal), signal);
  }

  async #try(keys: MediumKeys, hasFailed: boolean, signal: AbortSignal): Promise<Attempted<Reading>> {
    if (this.#closed !== null) throw this.#closed;
    const { contextId, memoryId } = keys.memory;
    // Before the download: nothing is fetched that cannot be read now.
    const room = await this.#parts.budget.reserve(JSON.stringify([contextId, memoryId]));
    const attempted = await this.#recordingFailure(
      { keys, bytes: null, room },
      () => this.#fetch(keys, room, signal),
      signal,
    ).finally(() => room.release());
    if (hasFailed && "reading" in attempted) await this.#parts.unread.forget(keys.memory);
    return attempted;
  }

  #fetch(keys: MediumKeys, room: Reservation, signal: AbortSignal): Promise<Attempted<Reading>> {
    const { source, reader, maxBytes } = this.#parts;
    const { contextId, memoryId } = keys.memory;
    const useMedium = async (medium: LocalMedium) => {
      await this.#note(keys, medium);
      const reading = await this.#kept.recall(medium.hash);
      return reading === undefined ? this.#readBytes({ keys, medium, room }, signal) : { reading };
    };
    return withDownload(source, { contextId, memoryId, kind: reader.kind, maxBytes }, useMedium, signal);
  }

  /** What said that the bytes are others, and was wrong, is not believed again. */
  async #note(keys: MediumKeys, { hash, mark: said }: LocalMedium): Promise<void> {
    const former = await this.#kept.file(keys);
    const wasWrong = former?.isReplaced === true && former.hash === hash;
    const mark = wasWrong ? believable(former.mark ?? {}, said) : said;
    const revision = former?.revision ?? 0;
    const lookedAt = this.#parts.clock.now();
    await this.#kept.note(keys, { hash, mark, lookedAt, revision, isReplaced: false }, former);
  }

  /** The memory may have changed while its medium has not. */
  async #readBytes(
    { keys, medium, room }: { keys: MediumKeys; medium: LocalMedium; room: Reservation },
    signal: AbortSignal,
  ): Promise<Attempted<Reading>> {
    const { unread, reader } = this.#parts;
    const bytes = readingKey(medium.hash, reader);
    const failed = await unread.findBytes(keys.memory, bytes);
    if (failed !== undefined && unread.isInBackoff(failed))
      return { failed: await unread.keep(failed, keys) };
    const pay = async () => {
      const reading = await this.#pay(medium, room, signal);
      await this.#parts.cache.put(bytes, { reading });
      return { reading };
    };
    return this.#recordingFailure({ keys, bytes, room }, pay, signal);
  }

  #pay(medium: LocalMedium, room: Reservation, signal: AbortSignal): Promise<Reading> {
    return this.#parts.reader.read(medium, signal, room.spend).catch((error) => {
      throw namingFormat(error, medium.contentType);
    });
  }

  /** Runs `work`; records a failure of this medium, and throws any other one. */
  async #recordingFailure(
    { keys: { memory, tried }, bytes, room }: { keys: MediumKeys; bytes: string | null; room: Reservation },
    work: () => Promise<Attempted<Reading>>,
    signal: AbortSignal,
  ): Promise<Attempted<Reading>> {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !isConnectorError(error) || this.#sharedFailures.has(error)) throw error;
      if (!(await this.#concernsOneMedium(error, room, signal))) {
        this.#sharedFailures.add(error);
        throw error;
      }
      this.#parts.onFailure(error);
      return { failed: await this.#parts.unread.note(memory, { tried, bytes, error }) };
    }
  }

  /** Whether a failure concerns this medium alone; after any other failure no medium is tried again in this run. */
  async #concernsOneMedium(error: ConnectorError, room: Reservation, signal: AbortSignal): Promise<boolean> {
    if (errorsOfOneMedium.has(error.code)) return true;
    const scope = await failureScope(this.#parts.reader, error, signal, room.spend);
    if (scope === "all" || runEndingErrors.has(error.code)) this.#closed = error;
    return scope === "one";
  }
}
