import type { LedgerRow } from "../../domain/ledger-row.ts";
import { Places } from "../../kernel/util/places.ts";
import type { TextSummary } from "../../sinks/lightrag/document-text.ts";

/** A delivery that LightRAG may be processing. Times are monotonic milliseconds. */
export interface InFlight {
  row: LedgerRow;
  /** The expected summary of the sent text in LightRAG's record; null when the row does not keep the text. */
  text: TextSummary | null;
  /** Slots that it occupies: one, or all of them when it is sent alone. */
  places: number;
  /** When LightRAG's record changed last. */
  movedAt: number;
  /** LightRAG's `updatedAt` and status when last seen, joined; null before the record was seen. */
  lastSeen: string | null;
  /** How often LightRAG was asked to resume it. */
  resumes: number;
}

/**
 * The accepted, unfinished deliveries: at most `capacity` of them, so that LightRAG's queue stays bounded. Capacity is reserved
 * before a request is sent and released when its document is settled.
 */
export class InFlightWindow {
  readonly capacity: number;
  readonly #shared: Places;
  readonly #entries = new Set<InFlight>();
  #reserved = 0;
  /** Places that are taken at LightRAG. */
  #entered = 0;
  #waiting: { count: number; resolve: () => void }[] = [];

  /** `shared`: the places of all runs at this LightRAG. */
  constructor(capacity: number, shared = new Places(Number.POSITIVE_INFINITY)) {
    this.capacity = capacity;
    this.#shared = shared;
  }

  get size(): number {
    return this.#entries.size;
  }

  get isFull(): boolean {
    return this.#reserved >= this.capacity;
  }

  /** Waits for capacity for `count` deliveries (at most `capacity`), first come first served. Rejects with the signal's reason. */
  async reserve(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.length === 0 && this.#reserved + count <= this.capacity) {
      this.#reserved += count;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const place = { count, resolve: turn.resolve };
    const leave = () => {
      this.#waiting = this.#waiting.filter((other) => other !== place);
      turn.reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting.push(place);
    await turn.promise.finally(() => signal.removeEventListener("abort", leave));
  }

  /** Releases reserved capacity that is not used. */
  free(count: number): void {
    this.#reserved -= count;
    for (
      let next = this.#waiting[0];
      next && this.#reserved + next.count <= this.capacity;
      next = this.#waiting[0]
    ) {
      this.#reserved += next.count;
      this.#waiting.shift();
      next.resolve();
    }
  }

  /** Waits for places at LightRAG for so many documents; resolves to how many may be sent at once, at least 1. */
  async enter(count: number, signal: AbortSignal): Promise<number> {
    const granted = await this.#shared.take(count, signal);
    this.#entered += granted;
    return granted;
  }

  /** Gives back places at LightRAG of documents that are not there. */
  leave(count: number): void {
    const left = Math.min(count, this.#entered);
    this.#entered -= left;
    this.#shared.free(left);
  }

  /** Gives back every place at LightRAG when nobody looks at the deliveries any more. */
  close(): void {
    this.leave(this.#entered);
  }

  /** Adds a delivery for which capacity was reserved. */
  add(entry: InFlight): void {
    this.#entries.add(entry);
  }

  /** Removes a settled delivery and releases its capacity. */
  settle(entry: InFlight): void {
    if (!this.#entries.delete(entry)) return;
    this.leave(1);
    this.free(entry.places);
  }

  all(): InFlight[] {
    return [...this.#entries];
  }
}

export function inFlight(row: LedgerRow, text: TextSummary | null, now: number, places = 1): InFlight {
  return { row, text, places, movedAt: now, lastSeen: null, resumes: 0 };
}
