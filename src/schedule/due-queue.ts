interface Due {
  connectorId: string;
  dueAt: number;
}

/**
 * Connectors ordered by due time, so that one timer serves them all. A sorted array: finding a position is logarithmic in the
 * number of connectors, and shifting the rest is one block copy.
 */
export class DueQueue {
  readonly #order: Due[] = [];
  readonly #dueTimes = new Map<string, number>();

  /** Sets, moves or, with null, removes a due time. Milliseconds since the epoch. */
  set(connectorId: string, dueAt: number | null): void {
    const previous = this.#dueTimes.get(connectorId);
    if (previous !== undefined) this.#order.splice(this.#position({ connectorId, dueAt: previous }), 1);
    if (dueAt === null) {
      this.#dueTimes.delete(connectorId);
      return;
    }
    const due = { connectorId, dueAt };
    this.#order.splice(this.#position(due), 0, due);
    this.#dueTimes.set(connectorId, dueAt);
  }

  /** The earliest due time; null when there is none. */
  earliest(): number | null {
    return this.#order[0]?.dueAt ?? null;
  }

  /** The earliest due time after this moment; null when there is none. */
  earliestAfter(now: number): number | null {
    return this.#order.find(({ dueAt }) => dueAt > now)?.dueAt ?? null;
  }

  /** The due connectors, earliest first; they stay until they are set again. */
  dueAt(now: number): string[] {
    const firstLater = this.#order.findIndex(({ dueAt }) => dueAt > now);
    const due = firstLater === -1 ? this.#order : this.#order.slice(0, firstLater);
    return due.map(({ connectorId }) => connectorId);
  }

  /** The first index whose entry is not before `due`; ties are ordered by connector id. */
  #position(due: Due): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#order[middle], due)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(a: Due | undefined, b: Due): boolean {
  if (a === undefined) return false;
  return a.dueAt === b.dueAt ? a.connectorId < b.connectorId : a.dueAt < b.dueAt;
}
