import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { isOutage } from "../api/outage.ts";
import { type ApiProblem, asProblem } from "../api/problem.ts";
import { outage } from "../api/request.ts";
import { isReturn } from "../shell/kept-scroll.ts";

interface Page<Item> {
  items: readonly Item[];
  next: string | null;
  /** Why nothing was found, where the service knows. */
  note?: string | null;
}

/** A list that is brought page by page, as far as somebody has scrolled. */
export interface Pages<Item> {
  items: ReadonlySignal<readonly Item[]>;
  isWhole: ReadonlySignal<boolean>;
  note: ReadonlySignal<string | null>;
  isAsking: ReadonlySignal<boolean>;
  problem: ReadonlySignal<ApiProblem | null>;
  more(): void;
  /** After a problem. */
  retry(): void;
}

/** Lists that a person has left, newest last, for when they come back. */
const left = new Map<string, Pages<unknown>>();
const mostLeft = 3;

/**
 * Begins anew when `keys` change. With `keptAs`, the list of that name that a person has left is there again, as it was, when they come back to
 * it by the browser's Back or Forward.
 */
export function usePages<Item>(
  ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
  keys: readonly unknown[],
  keptAs?: string,
): Pages<Item> {
  const pages = useMemo(() => {
    const kept = keptAs === undefined || !isReturn() ? undefined : left.get(keptAs);
    return (kept as Asked<Item> | undefined) ?? new Asked(ask);
  }, keys);
  useEffect(() => {
    if (keptAs === undefined) return undefined;
    return () => {
      left.delete(keptAs);
      left.set(keptAs, pages);
      for (const oldest of [...left.keys()].slice(0, -mostLeft)) left.delete(oldest);
    };
  }, [pages]);
  useEffect(() => {
    pages.more();
    return () => pages.stop();
  }, [pages]);
  return pages;
}

class Asked<Item> implements Pages<Item> {
  readonly items = signal<readonly Item[]>([]);
  readonly isWhole = signal(false);
  readonly note = signal<string | null>(null);
  readonly isAsking = signal(false);
  readonly problem = signal<ApiProblem | null>(null);
  readonly #ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>;
  #stopping = new AbortController();
  #next: string | undefined;
  #giveUp: () => void = () => undefined;

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
    this.#giveUp();
    this.#stopping.abort();
  }

  async #bring(): Promise<void> {
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController();
    const { signal: stopping } = this.#stopping;
    this.isAsking.value = true;
    try {
      const { items, next, note = null } = await this.#ask(this.#next, stopping);
      if (stopping.aborted) return;
      this.#next = next ?? undefined;
      this.note.value = note;
      this.items.value = this.items.value.concat(items);
      this.isWhole.value = next === null;
    } catch (thrown) {
      if (stopping.aborted) return;
      this.problem.value = asProblem(thrown);
      if (isOutage(thrown)) this.#giveUp = outage.whenBack(this.retry);
    } finally {
      this.isAsking.value = false;
    }
  }
}
