import { bulkhead } from "cockatiel";
import type { Memory } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { throughGate } from "../../kernel/http/abort.ts";
import { isOther, type MediumMark } from "../../kernel/http/medium-mark.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import type { MediaMarks } from "../../sources/memory-source.ts";
import type { KeptFile, KeptReadings, MediumKeys } from "./kept-readings.ts";

export interface ChangedMediaParts {
  /** Undefined: the source says nothing of its media. */
  marks: MediaMarks | undefined;
  kept: Pick<KeptReadings<CacheValue>, "keysOf" | "file" | "note">;
  /** Per medium. */
  maxBytes: number;
  clock: Pick<Clock, "now">;
  /** Looks at every medium, however often it was looked at. */
  force: boolean;
  /** How many requests a run may make that are not forced. */
  maxLooks: number;
}

const day = 86_400_000;
/** A medium is looked at again after a tenth of its memory's age: what was not changed for years hardly will be tomorrow. */
const looksPerAge = 10;

/**
 * Finds media whose bytes have changed at the source under the same version of their memory. One instance per run and kind. A look that fails is
 * no failure of the run: the document stays as it is, and no other medium is looked at in this run.
 */
export class ChangedMedia {
  readonly #parts: ChangedMediaParts;
  /** One after the other: several that fail together would look like a server that is down, and end its list. */
  readonly #turn = bulkhead(1, Number.POSITIVE_INFINITY);
  #looks = 0;
  #isClosed = false;

  constructor(parts: ChangedMediaParts) {
    this.#parts = parts;
  }

  /** How often the bytes of this memory's medium were found to be others; the source is asked where it is time. */
  async revisionOf(contextId: string, memory: Memory, signal: AbortSignal): Promise<number> {
    const { marks, kept } = this.#parts;
    const keys = kept.keysOf(contextId, memory);
    const file = await kept.file(keys);
    if (file === undefined) return 0;
    const isDue = () => marks !== undefined && !file.isReplaced && this.#isDue(marks, file, memory);
    if (marks === undefined || !isDue()) return file.revision;
    const look = async () => {
      if (!isDue()) return file.revision;
      const looked = this.#after(file, await this.#look(marks, { keys, file }, signal));
      if (marks.isRemote || looked.isReplaced) await kept.note(keys, looked);
      return looked.revision;
    };
    return throughGate(this.#turn, look, signal);
  }

  #after(file: KeptFile, now: Look): KeptFile {
    const lookedAt = this.#parts.clock.now();
    const { mark: known = {}, revision } = file;
    if (now === "failed") return { ...file, lookedAt };
    // The mark of the bytes that were read stays, to be compared with that of those that will be.
    if (now !== null && isOther(known, now))
      return { ...file, lookedAt, revision: revision + 1, isReplaced: true };
    // Without a mark of an earlier version, what is there now is taken for what was read.
    return { ...file, lookedAt, mark: file.mark ?? now ?? {} };
  }

  #isDue({ isRemote }: MediaMarks, { mark, lookedAt }: KeptFile, { createdAt }: Memory): boolean {
    const { clock, force, maxLooks } = this.#parts;
    if (mark !== undefined && Object.keys(mark).length === 0) return false;
    if (!isRemote) return true;
    if (this.#isClosed || (!force && this.#looks >= maxLooks)) return false;
    const now = clock.now();
    const waitMs = Math.max(day, (now - Date.parse(createdAt)) / looksPerAge);
    return force || lookedAt === undefined || now < lookedAt || now - lookedAt >= waitMs;
  }

  async #look(
    marks: MediaMarks,
    { keys, file }: { keys: MediumKeys; file: KeptFile },
    signal: AbortSignal,
  ): Promise<Look> {
    this.#looks += 1;
    const { contextId, memoryId, kind } = keys.memory;
    const request = { contextId, memoryId, kind, maxBytes: this.#parts.maxBytes };
    try {
      return await marks.of(request, file.mark ?? {}, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ConnectorError)) throw error;
      this.#isClosed = true;
      return "failed";
    }
  }
}

type Look = MediumMark | null | "failed";
