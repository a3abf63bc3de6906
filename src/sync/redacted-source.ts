import type { FilterChoice } from "../documents/filter-choice.ts";
import { isRedactedId, type Redactor } from "../documents/redact/redactor.ts";
import type { Memory } from "../domain/memory.ts";
import type {
  DownloadedMedia,
  ListRequest,
  MediaMarks,
  MediaRequest,
  MemoryPage,
  MemorySource,
  SourceInfo,
} from "../sources/memory-source.ts";
import type { SourceCapabilities } from "../sources/source-capabilities.ts";

/** How many memories a source is asked for that is searched for an id. */
const searchLimit = 1_000;

/**
 * A source as the rest of the program sees it where words are to be taken out: neither its memories nor its errors tell them, and nothing behind it
 * has to know of it. Ids that hold such words are others; media are asked for by the source's own.
 */
export class RedactedSource implements MemorySource {
  readonly #source: MemorySource;
  readonly #redactor: Redactor;
  readonly #choice: FilterChoice | null;
  /** The source's own ids, by those that are told instead. */
  readonly #ownIds = new Map<string, string>();

  /** `filter` is asked about a memory as the source shows it. */
  constructor(source: MemorySource, redactor: Redactor, filter: FilterChoice | null) {
    this.#source = source;
    this.#redactor = redactor;
    this.#choice = filter;
  }

  get capabilities(): SourceCapabilities {
    return this.#source.capabilities;
  }

  async *list(request: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    try {
      for await (const page of this.#source.list(request, signal)) yield this.#page(page);
    } catch (error) {
      throw this.#redactor.error(error);
    }
  }

  check(contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    return this.#redacting(() => this.#source.check(contextId, signal));
  }

  async download(request: MediaRequest, path: string, signal: AbortSignal): Promise<DownloadedMedia> {
    return this.#redacting(async () => {
      const memoryId = await this.#ownIdOf(request, signal);
      return this.#source.download({ ...request, memoryId }, path, signal);
    });
  }

  get mediaMarks(): MediaMarks | undefined {
    const marks = this.#source.mediaMarks;
    if (marks === undefined) return undefined;
    return {
      isRemote: marks.isRemote,
      of: (request, known, signal) =>
        this.#redacting(async () => {
          const memoryId = await this.#ownIdOf(request, signal);
          return marks.of({ ...request, memoryId }, known, signal);
        }),
    };
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #redacting<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#redactor.error(error);
    }
  }

  #page(page: MemoryPage): MemoryPage {
    const { memories, malformed, deleted, pending, ambiguous, doubts, truncated } = page;
    const redactor = this.#redactor;
    const formerIds = new Map(
      memories.flatMap(({ id }): [string, string][] => {
        const told = redactor.id(id);
        return told === id ? [] : [[told, id]];
      }),
    );
    for (const [told, id] of formerIds) this.#ownIds.set(told, id);
    return {
      ...page,
      memories: memories.map((memory) => this.#memory(memory)),
      malformed: malformed.map((item) => redactor.malformed(item)),
      truncated: truncated === null ? null : { reason: redactor.text(truncated.reason) },
      ...(formerIds.size > 0 && { formerIds }),
      // What was delivered before such words were taken out stands under its own id.
      ...(deleted !== undefined && { deleted: [...new Set(deleted.flatMap((id) => [id, redactor.id(id)]))] }),
      ...(pending !== undefined && {
        pending: pending.map((each) => ({ ...each, id: redactor.id(each.id) })),
      }),
      ...(doubts !== undefined && {
        doubts: doubts.map(({ id, problem }) => ({ id: redactor.id(id), problem: redactor.text(problem) })),
      }),
      ...(ambiguous !== undefined && { ambiguous: ambiguous.map((id) => redactor.id(id)) }),
    };
  }

  #memory(memory: Memory): Memory {
    const redacted = this.#redactor.memory(memory);
    return this.#choice === null ? redacted : this.#choice.noted(redacted, memory);
  }

  /** An id that no list of this process has shown is searched for. */
  async #ownIdOf({ contextId, memoryId }: MediaRequest, signal: AbortSignal): Promise<string> {
    if (!isRedactedId(memoryId)) return memoryId;
    if (!this.#ownIds.has(memoryId)) {
      const everything = { contextId, scope: { kind: "everything" }, limit: searchLimit } as const;
      for await (const page of this.#source.list(everything, signal)) {
        this.#page(page);
        if (this.#ownIds.has(memoryId)) break;
      }
    }
    return this.#ownIds.get(memoryId) ?? memoryId;
  }
}
