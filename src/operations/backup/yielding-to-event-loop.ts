import { setImmediate as nextTurn } from "node:timers/promises";

/** Passes the items on, and yields to the event loop and to a cancellation in between. */
export async function* yieldingToEventLoop<T>(
  items: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let count = 0;
  for await (const item of items) {
    if (++count % 500 === 0) {
      await nextTurn();
      signal.throwIfAborted();
    }
    yield item;
  }
}
