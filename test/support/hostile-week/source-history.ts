import { MemoryTransformer } from "../../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../../src/documents/registry.ts";
import type { Memory } from "../../../src/domain/memory.ts";
import { summarize, type TextSummary } from "../../../src/sinks/lightrag/document-text.ts";
import type { Random } from "../../fuzz/support/random.ts";

export const contextId = "CTX";

/** What somebody has said: all that the history knows of an item. */
export interface Said {
  id: string;
  text: string;
  /** When, in milliseconds since the epoch: a whole minute. */
  at: number;
}

/** How an item is broken, as dead letters tell of it. */
export interface Broken {
  /** The memory's id, where it can still be read. */
  letter: string | null;
  /** Two without an id that have the same content are one dead letter. */
  content: string;
}

/** Where the items are kept, in the form that a kind of source has. */
export interface Keeper {
  /** What the source makes of an item. */
  memoryOf(said: Said): Memory;
  put(said: Said): void;
  /** Puts something in the item's place that is no memory; null where the source keeps nothing that is none. */
  spoil(said: Said, random: Random): Broken | null;
  delete(id: string): void;
}

/** A document that LightRAG must hold. */
export interface Wanted {
  /** Of the memory. */
  memoryId: string;
  /** As the history calls it. */
  id: string;
  /** See `shownText`. */
  text: string;
  isPoison: boolean;
}

/** What is true of one id at the source now. */
export interface Item {
  said: Said;
  memory: Memory;
  broken: Broken | null;
}

const words = [
  "harbour",
  "Ines",
  "Straße",
  "日記",
  "café",
  "кот",
  "مكتب",
  "𝒜",
  "&amp;",
  "<SEP>",
  "constructor",
  "ok",
];

const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });

/** The source as it is and was: what a model has to know to say what LightRAG may and must hold. */
export class SourceHistory {
  readonly items = new Map<string, Item>();
  /** Every text that a document of this name may ever have had, as LightRAG shows texts, see `shownText`. */
  readonly texts = new Map<string, Set<string>>();
  /** When each id last changed, in steps of `tick`. */
  readonly changedAt = new Map<string, number>();
  tick = 0;
  readonly #random: Random;
  readonly #newest: number;
  readonly #poison: readonly string[];
  readonly #keeper: Keeper;
  #next = 0;

  /** `poison`: words that make LightRAG refuse a document. */
  constructor(keeper: Keeper, random: Random, newest: number, poison: readonly string[]) {
    this.#keeper = keeper;
    this.#random = random;
    this.#newest = newest - (newest % 60_000);
    this.#poison = poison;
  }

  /** One change of the kinds that people and programs make. */
  change(): void {
    this.tick += 1;
    const ids = [...this.items.keys()];
    const kind = this.#random.below(20);
    const id = this.#random.pick(ids);
    const { said } = this.items.get(id) as Item;
    if (ids.length < 20 || kind < 6) this.add();
    else if (kind < 12) this.put({ ...said, text: this.#words() });
    else if (kind < 14) this.put({ ...said, text: "" });
    else if (kind < 16) this.#break(said);
    else if (kind < 18) this.#delete(id);
    else this.put({ ...said, text: `${this.#random.pick(this.#poison)} ${this.#words()}` });
  }

  add(): void {
    const index = this.#next++;
    // Late arrivals are older than what is there already.
    const age = this.#random.chance(0.2) ? this.#random.below(400) : 0;
    const at = this.#newest + (index - age) * 60_000;
    const text = this.#random.chance(0.1) ? "" : this.#words();
    const id = this.#random.chance(0.1) ? `${this.#random.pick(words)}/${index}` : `m${index}`;
    this.put({ id, text, at });
  }

  put(said: Said): void {
    const memory = this.#keeper.memoryOf(said);
    this.items.set(said.id, { said, memory, broken: null });
    this.changedAt.set(said.id, this.tick);
    const document = documentOf(memory);
    if (document !== null) {
      const texts = this.texts.get(document.fileSource) ?? new Set();
      this.texts.set(document.fileSource, texts.add(shownText(summarize(document.text))));
    }
    this.#keeper.put(said);
  }

  /** Somebody mends every item that could not be read. */
  mend(): void {
    this.tick += 1;
    for (const { said, broken } of [...this.items.values()]) if (broken !== null) this.put(said);
  }

  /** Documents by name that LightRAG must hold once all is done: those of the memories that are there, readable and not empty. */
  wanted(): Map<string, Wanted> {
    const wanted = new Map<string, Wanted>();
    for (const [id, { memory, broken }] of this.items) {
      const document = broken === null ? documentOf(memory) : null;
      if (document !== null)
        wanted.set(document.fileSource, {
          id,
          memoryId: memory.id,
          text: shownText(summarize(document.text)),
          isPoison: this.#poison.some((word) => document.text.includes(word)),
        });
    }
    return wanted;
  }

  #break(said: Said): void {
    const { memory } = this.items.get(said.id) as Item;
    const broken = this.#keeper.spoil(said, this.#random);
    if (broken === null) return;
    this.items.set(said.id, { said, memory, broken });
    this.changedAt.set(said.id, this.tick);
  }

  #delete(id: string): void {
    this.items.delete(id);
    this.changedAt.set(id, this.tick);
    this.#keeper.delete(id);
  }

  #words(): string {
    const count = 1 + this.#random.below(12);
    return Array.from(
      { length: count },
      () => `${this.#random.pick(words)}${this.#random.below(1_000)}`,
    ).join(" ");
  }
}

/** As much of a text as LightRAG shows. */
export function shownText({ contentLength, contentSummary }: TextSummary): string {
  return `${contentLength} ${contentSummary}`;
}

function documentOf(memory: Memory): { fileSource: string; text: string } | null {
  const prepared = transformer.prepare(contextId, memory);
  return prepared.kind === "document" ? prepared : null;
}
