/** The inverses of the changes since the last `forget`, newest first. */
export class UndoLog {
  readonly #steps: (() => void)[] = [];

  get length(): number {
    return this.#steps.length;
  }

  record(undo: () => void): void {
    this.#steps.push(undo);
  }

  /** Rolls back the changes made since the log had this length. */
  rollBackTo(length: number): void {
    while (this.#steps.length > length) this.#steps.pop()?.();
  }

  forget(): void {
    this.#steps.length = 0;
  }
}
