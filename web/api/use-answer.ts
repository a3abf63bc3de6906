import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type LiveEvent, onLiveEvent } from "./live.ts";
import { isOutage } from "./outage.ts";
import { type ApiProblem, asProblem } from "./problem.ts";
import { outage } from "./request.ts";

/**
 * An answer of the API on a page. It stays while it is asked for again, also when that fails. What failed because the service was away is
 * asked for again once it is back.
 */
export interface Resource<Value> {
  value: Signal<Value | null>;
  /** Why the latest request had no answer; null when it had. */
  problem: ReadonlySignal<ApiProblem | null>;
  reload(): Promise<void>;
}

/** Events come in bursts; the answer is asked for again once after each. Milliseconds. */
const burstMs = 1_000;

/**
 * Asks when the component appears and whenever `keys` change, and again after live events that `concerns` picks, or when events were
 * missed.
 */
export function useAnswer<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  keys: readonly unknown[],
  concerns: (event: LiveEvent) => boolean = () => false,
): Resource<Value> {
  const asking = useAsking(ask, keys);
  useEffect(
    () =>
      onLiveEvent((event) => {
        if (event.type === "missed" || concerns(event)) asking.reloadSoon();
      }),
    [asking],
  );
  return asking;
}

/** As `useAnswer`, and every so often while the page is seen: for what other processes than the one that serves it change. */
export function useAnswerOften<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  keys: readonly unknown[],
  everyMs: number,
  concerns: (event: LiveEvent) => boolean,
): Resource<Value> {
  const answer = useAnswer(ask, keys, concerns);
  useEffect(() => {
    const again = () => {
      if (document.visibilityState === "visible") void answer.reload();
    };
    const timer = setInterval(again, everyMs);
    return () => clearInterval(timer);
  }, [answer]);
  return answer;
}

/** Asks when the component appears and whenever `keys` change, and never again by itself: for an answer that costs something. */
export function useAnswerOnce<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  keys: readonly unknown[],
): Resource<Value> {
  return useAsking(ask, keys);
}

function useAsking<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  keys: readonly unknown[],
): Asking<Value> {
  const asking = useMemo(() => new Asking(ask), keys);
  useEffect(() => {
    void asking.reload();
    return () => asking.stop();
  }, [asking]);
  return asking;
}

/** Does `again` once the service is back from the outage that `problem` is; nothing for another one. */
export function useWhenBack(problem: ApiProblem | null, again: () => void): void {
  useEffect(() => (isOutage(problem) ? outage.whenBack(again) : undefined), [problem]);
}

class Asking<Value> implements Resource<Value> {
  readonly value = signal<Value | null>(null);
  readonly problem = signal<ApiProblem | null>(null);
  readonly #ask: (signal: AbortSignal) => Promise<Value>;
  #current = new AbortController();
  #soon: ReturnType<typeof setTimeout> | undefined;
  #giveUp: () => void = () => undefined;

  constructor(ask: (signal: AbortSignal) => Promise<Value>) {
    this.#ask = ask;
  }

  reload = async (): Promise<void> => {
    this.stop();
    const current = new AbortController();
    this.#current = current;
    try {
      const value = await this.#ask(current.signal);
      if (current.signal.aborted) return;
      this.value.value = value;
      this.problem.value = null;
    } catch (thrown) {
      if (current.signal.aborted) return;
      this.problem.value = asProblem(thrown);
      if (isOutage(thrown)) this.#giveUp = outage.whenBack(this.reload);
    }
  };

  reloadSoon(): void {
    this.#soon ??= setTimeout(() => void this.reload(), burstMs);
  }

  stop(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#giveUp();
    this.#current.abort();
  }
}
