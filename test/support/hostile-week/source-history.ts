import { MemoryTransformer } from "../../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../../src/documents/registry.ts";
import { summarize, type TextSummary } from "../../../src/sinks/lightrag/document-text.ts";
import { parseMemory } from "../../../src/sources/memory-api/parse-memory.ts";
import type { Random } from "../../fuzz/support/random.ts";
import type { ApiMemory } from "../memory-api-data.ts";

export const contextId = "CTX";

/** A document that LightRAG must hold. */
export interface Wanted {
  id: string;
  /** See `shownText`. */
  text: string;
  isPoison: boolean;
}

/** What is true of one id at the source now. */
export interface Item {
  memory: ApiMemory;
  /** In the place of the memory's JSON: an item that nobody can read as it should be. */
  broken: string | null;
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

/** Ways in which an item cannot be read. The id can be read in some of them. */
const breakages: readonly ((memory: ApiMemory) => string)[] = [
  (memory) => JSON.stringify(memory).replace('"type"', '"location_lat":NaN,"type"'),
  (memory) => JSON.stringify(memory).replace(/\}$/u, ",}"),
  (memory) => JSON.stringify({ ...memory, created_at: "soon" }),
  (memory) => JSON.stringify({ ...memory, transcript: 7 }),
  (memory) => JSON.stringify({ ...memory, id: undefined }),
  () => "null",
  () => '"a string"',
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
  #next = 0;

  /** `poison`: words that make LightRAG refuse a document. */
  constructor(random: Random, newest: number, poison: readonly string[]) {
    this.#random = random;
    this.#newest = newest;
    this.#poison = poison;
  }

  /** One change of the kinds that people and programs make. */
  change(): void {
    this.tick += 1;
    const ids = [...this.items.keys()];
    const kind = this.#random.below(20);
    const id = this.#random.pick(ids);
    const { memory } = this.items.get(id) as Item;
    if (ids.length < 20 || kind < 6) this.add();
    else if (kind < 12) this.put({ ...memory, transcript: this.#words() });
    else if (kind < 14) this.put({ ...memory, transcript: "" });
    else if (kind < 16) this.#break(memory);
    else if (kind < 18) this.#delete(id);
    else this.put({ ...memory, transcript: `${this.#random.pick(this.#poison)} ${this.#words()}` });
  }

  add(): void {
    const index = this.#next++;
    // Late arrivals are older than what is there already.
    const age = this.#random.chance(0.2) ? this.#random.below(400) : 0;
    const created = new Date(this.#newest + (index - age) * 60_000).toISOString();
    const transcript = this.#random.chance(0.1) ? "" : this.#words();
    const id = this.#random.chance(0.1) ? `${this.#random.pick(words)}/${index}` : `m${index}`;
    this.put({ id, type: "note", audio: false, image: false, transcript, created_at: created });
  }

  put(memory: ApiMemory): void {
    this.items.set(memory.id, { memory, broken: null });
    this.changedAt.set(memory.id, this.tick);
    const document = documentOf(memory);
    if (document === null) return;
    const texts = this.texts.get(document.fileSource) ?? new Set();
    this.texts.set(document.fileSource, texts.add(shownText(summarize(document.text))));
  }

  /** Somebody mends every item that could not be read. */
  mend(): void {
    this.tick += 1;
    for (const { memory, broken } of [...this.items.values()]) if (broken !== null) this.put(memory);
  }

  /** Documents by name that LightRAG must hold once all is done: those of the memories that are there, readable and not empty. */
  wanted(): Map<string, Wanted> {
    const wanted = new Map<string, Wanted>();
    for (const [id, { memory, broken }] of this.items) {
      const document = broken === null ? documentOf(memory) : null;
      if (document !== null)
        wanted.set(document.fileSource, {
          id,
          text: shownText(summarize(document.text)),
          isPoison: this.#poison.some((word) => document.text.includes(word)),
        });
    }
    return wanted;
  }

  /** The items of the list, newest first, as they go over the wire. */
  listed(): { time: number; json: string }[] {
    return Array.from(this.items.values(), ({ memory, broken }) => ({
      time: Date.parse(memory.created_at),
      json: broken ?? JSON.stringify(memory),
    })).sort((a, b) => b.time - a.time);
  }

  #break(memory: ApiMemory): void {
    const broken = this.#random.pick(breakages)(memory);
    this.items.set(memory.id, { memory, broken });
    this.changedAt.set(memory.id, this.tick);
  }

  #delete(id: string): void {
    this.items.delete(id);
    this.changedAt.set(id, this.tick);
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

function documentOf(memory: ApiMemory): { fileSource: string; text: string } | null {
  const parsed = parseMemory(memory);
  if (parsed.kind !== "memory") throw new Error(`${memory.id} is malformed`);
  const prepared = transformer.prepare(contextId, parsed.memory);
  return prepared.kind === "document" ? prepared : null;
}
