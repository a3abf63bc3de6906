import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type ApiProblem, asProblem } from "../api/problem.ts";

interface Page<Item> {
  items: readonly Item[];
  next: string | null;
}

/** A list that is brought page by page, as far as somebody has scrolled. */
export interface Pages<Item> {
  items: ReadonlySignal<readonly Item[]>;
  isWhole: ReadonlySignal<boolean>;
  isAsking: ReadonlySignal<boolean>;
  problem: ReadonlySignal<ApiProblem | null>;
  more(): void;
  /** After a problem. */
  retry(): void;
}

/** Begins anew when `keys` change. */
export function usePages<Item>(
  ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
  keys: readonly unknown[],
): Pages<Item> {
  const pages = useMemo(() => new Asked(ask), keys);
  useEffect(() => {
    pages.more();
    return () => pages.stop();
  }, [pages]);
  return pages;
}

class Asked<Item> implements Pages<Item> {
  readonly items = signal<readonly Item[]>([]);
  readonly isWhole = signal(false);
  readonly isAsking = signal(false);
  readonly problem = signal<ApiProblem | null>(null);
  readonly #ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>;
  readonly #stopping = new AbortController();
  #next: string | undefined;

  constructor(ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>) {
    this.#ask = ask;
  }

  more = (): void => {
    if (this.isAsking.peek() || this.isWhole.peek() || this.problem.peek() !== null) return;
    void this.#bring();
  };

  retry = (): void => {
    this.problem.value = null;
    this.more();
  };

  stop(): void {
    this.#stopping.abort();
  }

  async #bring(): Promise<void> {
    const { signal: stopping } = this.#stopping;
    this.isAsking.value = true;
    try {
      const { items, next } = await this.#ask(this.#next, stopping);
      if (stopping.aborted) return;
      this.#next = next ?? undefined;
      this.items.value = this.items.value.concat(items);
      this.isWhole.value = next === null;
    } catch (thrown) {
      if (!stopping.aborted) this.problem.value = asProblem(thrown);
    } finally {
      this.isAsking.value = false;
    }
  }
}
