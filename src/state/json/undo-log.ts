/** How to take back the changes made since the last `forget`, newest first. */
export class UndoLog {
  readonly #steps: (() => void)[] = [];

  get length(): number {
    return this.#steps.length;
  }

  record(undo: () => void): void {
    this.#steps.push(undo);
  }

  /** Takes back what was changed since the log had this length. */
  rollBackTo(length: number): void {
    while (this.#steps.length > length) this.#steps.pop()?.();
  }

  forget(): void {
    this.#steps.length = 0;
  }
}
