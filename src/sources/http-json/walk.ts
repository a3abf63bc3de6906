import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { flagOf } from "../json-list/answer-clues.ts";
import type { MemoryList } from "../json-list/memory-list.ts";
import type { SeenItems } from "../json-list/seen-items.ts";
import type { MemoryPage } from "../memory-source.ts";
import type { CompleteDeclaration } from "./declaration.ts";
import { valuesAt } from "./read-path.ts";

export type Paging = CompleteDeclaration["paging"];

/** Where a page is: parameters of the address, or an address that the server gave. */
export type Place = { query: Readonly<Record<string, string | number>> } | { address: string };

/** Asks for a page; null for the first one. */
export type AskPage = (place: Place | null) => Promise<MemoryList>;

/** Pages without anything new, as while items move, after which the walk is given up. */
const maxHiccups = 3;
const maxPages = 100_000;

/** How a walk ended: why the list may not be whole, and how many pages showed something new. */
export interface WalkEnd {
  reason: string | null;
  pages: number;
}

/** A walk through a declared list. */
export class Walk {
  readonly #paging: Paging;
  readonly #ask: AskPage;
  readonly #seen: SeenItems;
  readonly #totals: number[] = [];
  readonly #used = new Set<string>();
  /** Items that one answer has shown more than once, as often as it did. */
  readonly #alike = new Map<string, number>();
  #pages = 0;
  /** Items of the fullest page. */
  #full = 0;
  #hiccups = 0;

  /** `seen` keeps what was shown. */
  constructor(paging: Paging, ask: AskPage, seen: SeenItems) {
    this.#paging = paging;
    this.#ask = ask;
    this.#seen = seen;
  }

  /** Yields what is new of each page, from a place that an earlier page named as `resume`. */
  async *pages(resume: string | null): AsyncGenerator<MemoryPage, WalkEnd> {
    let list: MemoryList | null;
    let place = placeOf(this.#paging, resume) ?? firstPlace(this.#paging);
    for (list = await this.#ask(place); list !== null; list = await this.#ask(place).catch(nothingThere)) {
      const before = this.#seen.size;
      this.#noteAlike(list.keys);
      const page = { ...this.#seen.take(list), deleted: list.deleted };
      const isNew = this.#seen.size > before;
      if (isNew) this.#pages++;
      const next = this.#following(list, place, isNew);
      if (next === null || "reason" in next) {
        yield page;
        return { reason: next?.reason ?? this.#missing(resume), pages: this.#pages };
      }
      yield this.#paging.style === "link" ? page : { ...page, resume: JSON.stringify(next) };
      place = next;
    }
    return { reason: this.#missing(resume), pages: this.#pages };
  }

  /** Where to go on; null at the end. */
  #following(list: MemoryList, place: Place | null, isNew: boolean): Place | { reason: string } | null {
    const total = totalOf(this.#paging, list);
    if (total !== null) this.#totals.push(total);
    if (!list.isWhole || list.doubt !== null) return { reason: list.doubt ?? "the answer broke off" };
    const next = nextPlace(this.#paging, place, list);
    if (next === null || typeof next === "string") return next === null ? null : { reason: next };
    return isNew ? this.#marked(next, list, true) : this.#again(next, list);
  }

  /** A place that was asked for before leads in a circle. */
  #marked(next: Place, { received }: MemoryList, isNew: boolean): Place | { reason: string } {
    this.#full = Math.max(this.#full, received);
    if (isNew) this.#hiccups = 0;
    const key = JSON.stringify(next);
    if (this.#used.has(key) || this.#used.size > maxPages) return { reason: sameAgain(this.#paging) };
    this.#used.add(key);
    return next;
  }

  /**
   * Behind a page that shows nothing new. A short one is the end, which moves while items are added; a server that leaves items out of
   * its pages shows short ones, too, but new ones.
   */
  #again(next: Place, list: MemoryList): Place | { reason: string } | null {
    const { style, more } = this.#paging;
    if (style !== "cursor" && style !== "link" && more === null && list.received < this.#full) return null;
    return ++this.#hiccups > maxHiccups
      ? { reason: sameAgain(this.#paging) }
      : this.#marked(next, list, false);
  }

  /** Two items that say the same are two to the server that counts them. */
  #noteAlike(keys: readonly string[]): void {
    if (new Set(keys).size === keys.length) return;
    for (const [key, { length }] of Map.groupBy(keys, (each) => each))
      if (length > 1) this.#alike.set(key, Math.max(length, this.#alike.get(key) ?? 0));
  }

  /** While items are deleted, the server's number falls: the smallest one has to be reached. */
  #missing(resume: string | null): string | null {
    const fewest = resume === null && this.#totals.length > 0 ? Math.min(...this.#totals) : 0;
    const shown = this.#alike.values().reduce((sum, times) => sum + times - 1, this.#seen.size);
    if (shown >= fewest) return null;
    return `the server says that there are ${fewest} and has shown ${shown}; if that number counts something else, set the connector's source.paging.total to none`;
  }
}

/** Null where the first page needs no parameter. */
export function firstPlace({ style, parameter, first }: Paging): Place | null {
  return style === "page" || style === "offset" ? { query: { [parameter]: first } } : null;
}

/** Null for a place that this way of paging does not know. */
function placeOf({ style, parameter }: Paging, resume: string | null): Place | null {
  if (resume === null || style === "none" || style === "link") return null;
  try {
    const { query } = JSON.parse(resume);
    const value = query[parameter];
    const isPlace = style === "cursor" ? typeof value === "string" : Number.isSafeInteger(value);
    return isPlace ? { query: { [parameter]: value } } : null;
  } catch {
    return null;
  }
}

/** A page behind the last one is a 404 of some servers. */
function nothingThere(error: unknown): null {
  if (isConnectorError(error, "SOURCE_CONTEXT_NOT_FOUND")) return null;
  throw error;
}

/** Where the page behind the one at `place` is; null when there is none; a text says why that is not known. */
export function nextPlace(paging: Paging, place: Place | null, list: MemoryList): Place | string | null {
  const { style } = paging;
  if (style === "none") return list.clues.more === null && list.clues.part === null ? null : undeclared(list);
  if (style === "cursor" || style === "link") return namedPlace(paging, list);
  const says = paging.more === null ? null : flagOf(valuesAt(list.around, paging.more)[0]);
  if (says === false) return null;
  if (list.received === 0 && says !== true) return null;
  // The next offset is the same one; the next page is another, and a server that leaves items out of its pages may show an empty one.
  if (list.received === 0 && style === "offset") return "the server says that more follows, and shows none";
  return countedPlace(paging, place, list.received);
}

function countedPlace({ style, parameter, first }: Paging, place: Place | null, received: number): Place {
  const at = place !== null && "query" in place ? Number(place.query[parameter]) : first;
  return { query: { [parameter]: at + (style === "page" ? 1 : received) } };
}

/** A mark or an address in the answer, or in its `Link` header. */
function namedPlace({ style, parameter, next, more }: Paging, list: MemoryList): Place | string | null {
  if (more !== null && flagOf(valuesAt(list.around, more)[0]) === false) return null;
  const [said] = valuesAt(list.around, next);
  const mark = said ?? (style === "link" ? list.link : undefined);
  if (mark === undefined || mark === null || mark === "" || mark === false || mark === 0) return null;
  if (typeof mark !== "string" && typeof mark !== "number")
    return `the place of the next page (${next}) is neither a text nor a number`;
  return style === "link" ? { address: String(mark) } : { query: { [parameter]: String(mark) } };
}

function undeclared({ clues }: MemoryList): string {
  return `the answer says that it is a part of more (${clues.more ?? clues.part}); say with the connector's source.paging how the server pages`;
}

function sameAgain({ style, parameter }: Paging): string {
  const by = style === "link" ? "links" : `"${parameter}"`;
  return `the server shows the same again for the next page: it does not seem to page by ${by}`;
}

/** The number of all items, as the server says. */
function totalOf({ total }: Paging, { around, clues }: MemoryList): number | null {
  if (total === "none") return null;
  if (total === null) return clues.total?.value ?? null;
  const [value] = valuesAt(around, total);
  const count = Number(value);
  return value !== undefined && Number.isSafeInteger(count) ? count : null;
}
