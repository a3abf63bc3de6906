/** By context: the time of the oldest memory that the source has to show again. Milliseconds since the epoch. */
export class OldestWaiting {
  readonly #since = new Map<string, number>();

  note(contextId: string, at: number): void {
    this.#since.set(contextId, Math.min(at, this.of(contextId)));
  }

  /** Infinite when none waits. */
  of(contextId: string): number {
    return this.#since.get(contextId) ?? Number.POSITIVE_INFINITY;
  }
}
