/** Runs tasks one after the other, in order. A failed task does not block the next one. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** A task whose signal is aborted while it waits leaves the queue: it is not run, and the signal's reason is thrown at once. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = () => reject(signal?.reason);
    signal?.addEventListener("abort", leave, { once: true });
    this.#last = this.#last.then(async () => {
      signal?.removeEventListener("abort", leave);
      if (signal?.aborted) leave();
      else await task().then(resolve, reject);
    });
    return promise;
  }
}
