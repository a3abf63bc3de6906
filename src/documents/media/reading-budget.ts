import { bulkhead } from "cockatiel";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { ValueCache } from "../../kernel/util/value-cache.ts";

export interface ReadingLimits {
  /** The most requests to models per run. */
  perRun: number;
  /** The most requests per day (UTC), over all runs that share the cache. */
  perDay: number;
}

interface BudgetParts {
  cache: ValueCache;
  clock: Clock;
  /** How many documents may still be sent today, when the run begins to read. Infinite: without limit. */
  documentsLeft: () => Promise<number>;
}

type Limit = "run" | "day" | "documents";

/** How many requests may still be made, and by which limit. */
export interface ReadingRoom {
  left: number;
  limit: "run" | "day";
}

/** Room for one medium, taken before it is downloaded. */
export interface Reservation {
  /** Takes one request off the budget, whether or not it succeeds. Throws `MEDIA_BUDGET_SPENT` when none is left. */
  spend(): Promise<void>;
  /** Gives back what was not spent. */
  release(): void;
}

/**
 * Counts requests to models against the limits: repeated ones and those that fail cost the same. What is read for documents that cannot be sent
 * today is left for a later day. One budget belongs to one run; the day's count is in the cache and outlives it. Concurrent
 * processes may exceed the day's limit by one request each.
 */
export class ReadingBudget {
  readonly #limits: ReadingLimits;
  readonly #parts: BudgetParts;
  readonly #turn = bulkhead(1, Number.POSITIVE_INFINITY);
  /** Requests of this run. */
  #spent = 0;
  /** Media that are about to be read. */
  #reserved = 0;
  /** Memories for whose media was or will be paid in this run, and for how many of them. */
  readonly #documents = new Map<string, number>();
  #documentsLeft: Promise<number> | null = null;
  /** One for each limit, so that it is told once. */
  readonly #errors = new Map<Limit, ConnectorError>();

  constructor(limits: ReadingLimits, parts: BudgetParts) {
    this.#limits = limits;
    this.#parts = parts;
  }

  /** Makes room for one medium of this memory. Throws `MEDIA_BUDGET_SPENT` where none is left. */
  reserve(memory: string): Promise<Reservation> {
    return this.#turn.execute(async () => {
      await this.#checkRequests();
      await this.#checkDocuments(memory);
      this.#hold(memory, 1);
      return this.#reservation(memory);
    });
  }

  /** How many more requests may be made now, and which limit that is. */
  async left(): Promise<ReadingRoom> {
    const { perRun, perDay } = this.#limits;
    const ofRun = Math.max(0, perRun - this.#spent);
    const ofDay = Math.max(0, perDay - (await this.#spentToday()));
    return ofDay < ofRun ? { left: ofDay, limit: "day" } : { left: ofRun, limit: "run" };
  }

  #reservation(memory: string): Reservation {
    let isHeld = true;
    let isPaid = false;
    return {
      spend: () =>
        this.#turn.execute(async () => {
          if (isHeld) this.#reserved -= 1;
          isHeld = false;
          await this.#spend();
          isPaid = true;
        }),
      release: () => {
        if (isHeld) this.#reserved -= 1;
        isHeld = false;
        if (!isPaid) this.#forget(memory);
        isPaid = true;
      },
    };
  }

  #hold(memory: string, media: number): void {
    this.#reserved += media;
    this.#documents.set(memory, (this.#documents.get(memory) ?? 0) + media);
  }

  #forget(memory: string): void {
    const left = (this.#documents.get(memory) ?? 0) - 1;
    if (left > 0) this.#documents.set(memory, left);
    else this.#documents.delete(memory);
  }

  async #spend(): Promise<void> {
    const spentToday = await this.#checkRequests();
    this.#spent += 1;
    await this.#parts.cache.put(this.#dayKey(), spentToday + 1);
  }

  /** Resolves to the requests of today so far. */
  async #checkRequests(): Promise<number> {
    const spentToday = await this.#spentToday();
    const { perRun, perDay } = this.#limits;
    if (this.#spent + this.#reserved >= perRun) throw this.#error("run");
    if (spentToday + this.#reserved >= perDay) throw this.#error("day");
    return spentToday;
  }

  async #spentToday(): Promise<number> {
    return Number((await this.#parts.cache.get(this.#dayKey())) ?? 0);
  }

  async #checkDocuments(memory: string): Promise<void> {
    this.#documentsLeft ??= this.#parts.documentsLeft();
    const left = await this.#documentsLeft;
    if (!this.#documents.has(memory) && this.#documents.size >= left) throw this.#error("documents");
  }

  #dayKey(): string {
    return `media/spent/${new Date(this.#parts.clock.now()).toISOString().slice(0, 10)}`;
  }

  #error(limit: Limit): ConnectorError {
    const known = this.#errors.get(limit) ?? this.#newError(limit);
    this.#errors.set(limit, known);
    return known;
  }

  #newError(limit: Limit): ConnectorError {
    if (limit === "documents") {
      const message = "no more media are read today than documents may be sent";
      const hint = "wait for the next day, or raise the connector's budget";
      return new ConnectorError("MEDIA_BUDGET_SPENT", message, { subject: limit, hint });
    }
    const most = limit === "run" ? this.#limits.perRun : this.#limits.perDay;
    const message = `the ${most} requests for media that one ${limit} may make have been made`;
    return new ConnectorError("MEDIA_BUDGET_SPENT", message, { subject: limit });
  }
}
