import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { isOutage } from "../api/outage.ts";
import { type ApiProblem, asProblem, type Refused } from "../api/problem.ts";
import { outage } from "../api/request.ts";
import { isReturn } from "../shell/kept-scroll.ts";

interface Page<Item> {
  items: readonly Item[];
  next: string | null;
  /** Why nothing was found, where the service knows. */
  note?: string | null;
  /** What of the question the service could make nothing of. */
  refused?: readonly Refused[];
}

/** A list that is brought page by page, as far as somebody has scrolled. */
export interface Pages<Item> {
  items: ReadonlySignal<readonly Item[]>;
  isWhole: ReadonlySignal<boolean>;
  note: ReadonlySignal<string | null>;
  refused: ReadonlySignal<readonly Refused[]>;
  /** How many of the first page have come since the list was brought; the list shows them after `renew`. */
  fresh: ReadonlySignal<number>;
  isAsking: ReadonlySignal<boolean>;
  problem: ReadonlySignal<ApiProblem | null>;
  more(): void;
  /** After a problem. */
  retry(): void;
  /** Asks for the first page again. A list that it holds whole is as it says from then on, one that is longer tells how many are `fresh`. */
  look(): Promise<void>;
  /** Begins again at the first page. */
  renew(): void;
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
  keyOf: (item: Item) => string = JSON.stringify,
): Pages<Item> {
  const pages = useMemo(() => {
    const kept = keptAs === undefined || !isReturn() ? undefined : left.get(keptAs);
    return (kept as Asked<Item> | undefined) ?? new Asked(ask, keyOf);
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
  readonly refused = signal<readonly Refused[]>([]);
  readonly fresh = signal(0);
  readonly isAsking = signal(false);
  readonly problem = signal<ApiProblem | null>(null);
  readonly #ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>;
  readonly #keyOf: (item: Item) => string;
  #stopping = new AbortController();
  #next: string | undefined;
  #giveUp: () => void = () => undefined;

  constructor(
    ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
    keyOf: (item: Item) => string,
  ) {
    this.#ask = ask;
    this.#keyOf = keyOf;
  }

  more = (): void => {
    if (this.isAsking.peek() || this.isWhole.peek() || this.problem.peek() !== null) return;
    void this.#bring();
  };

  retry = (): void => {
    this.problem.value = null;
    this.more();
  };

  look = async (): Promise<void> => {
    if (this.isAsking.peek() || this.problem.peek() !== null) return;
    const { signal: stopping } = this.#stopping;
    // It is asked again with the next event, and what is shown stays.
    const page = await this.#ask(undefined, stopping).catch(() => null);
    if (page === null || stopping.aborted || this.isAsking.peek()) return;
    if (page.next === null && this.isWhole.peek()) return this.#put(page, []);
    const known = new Set(this.items.peek().map(this.#keyOf));
    this.fresh.value = page.items.filter((item) => !known.has(this.#keyOf(item))).length;
  };

  renew = (): void => {
    this.stop();
    this.#next = undefined;
    this.isWhole.value = false;
    this.fresh.value = 0;
    this.problem.value = null;
    void this.#bring([]);
  };

  #put({ items, next, note = null, refused = [] }: Page<Item>, before: readonly Item[]): void {
    this.#next = next ?? undefined;
    this.note.value = note;
    this.refused.value = refused;
    this.items.value = before.concat(items);
    this.isWhole.value = next === null;
  }

  stop(): void {
    this.#giveUp();
    this.#stopping.abort();
  }

  async #bring(before?: readonly Item[]): Promise<void> {
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController();
    const { signal: stopping } = this.#stopping;
    this.isAsking.value = true;
    try {
      const page = await this.#ask(this.#next, stopping);
      if (!stopping.aborted) this.#put(page, before ?? this.items.peek());
    } catch (thrown) {
      if (stopping.aborted) return;
      this.problem.value = asProblem(thrown);
      if (isOutage(thrown)) this.#giveUp = outage.whenBack(this.retry);
    } finally {
      this.isAsking.value = false;
    }
  }
}
