/** The store behind a `GroupCommit`. Between `begin` and `commit` only units of work run, one after the other, without yielding. */
export interface BatchStore {
  begin(): Promise<void>;
  /** Runs one unit; when it throws, its own changes are rolled back and those of the others are kept. */
  attempt<T>(work: () => T): T;
  /** Resolves when the batch is durable; when it rejects, nothing of the batch remains. */
  commit(): Promise<void>;
}

interface Job {
  run(): void;
  succeed(): void;
  fail(reason: unknown): void;
}

/** A batch takes no more units after this many milliseconds, so that the event loop is never blocked for long. */
const batchBudgetMs = 4;

/**
 * Group commit: the cost of a change is the wait for the disk, so all units of work that arrive while one batch is being synced
 * share the next one. Each unit is still atomic, and its promise resolves when its batch is durable.
 */
export class GroupCommit {
  readonly #store: BatchStore;
  #waiting: Job[] = [];
  #working: Promise<void> | null = null;

  constructor(store: BatchStore) {
    this.#store = store;
  }

  run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: T;
      this.#waiting.push({
        run: () => {
          result = this.#store.attempt(work);
        },
        succeed: () => resolve(result),
        fail: reject,
      });
      this.#working ??= this.#workOff();
    });
  }

  /** Resolves when no unit is waiting or being written. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #workOff(): Promise<void> {
    // Units of the same turn of the event loop join the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#writeBatch();
    this.#working = null;
  }

  async #writeBatch(): Promise<void> {
    try {
      await this.#store.begin();
    } catch (thrown) {
      const refused = this.#waiting;
      this.#waiting = [];
      for (const job of refused) job.fail(thrown);
      return;
    }
    const batch = this.#attemptWhileTimeAllows();
    try {
      await this.#store.commit();
      for (const job of batch) job.succeed();
    } catch (thrown) {
      for (const job of batch) job.fail(thrown);
    }
  }

  /** The successful units; the others have been rejected. */
  #attemptWhileTimeAllows(): Job[] {
    const until = performance.now() + batchBudgetMs;
    const arrived = this.#waiting;
    const succeeded: Job[] = [];
    let taken = 0;
    while (taken < arrived.length && (taken === 0 || performance.now() < until)) {
      const job = arrived[taken++];
      if (job === undefined) break;
      try {
        job.run();
        succeeded.push(job);
      } catch (thrown) {
        job.fail(thrown);
      }
    }
    this.#waiting = arrived.slice(taken);
    return succeeded;
  }
}
