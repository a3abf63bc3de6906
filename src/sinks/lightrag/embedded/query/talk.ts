import type { MemoryDocument } from "../../memory-document.ts";
import type { RecordedOrder } from "./recorded-order.ts";
import { saysWhen } from "./time-words.ts";

/** Memories of a context that follow one another within this time are of one sitting. Milliseconds. */
const longestPause = 60 * 60_000;
/** A question at the end, also before a remark in brackets. */
const questionAtEnd = /[?？؟]\s*(?:\[[^\]]*\]\s*)?$/u;
/** Who speaks, at the beginning of a line, after the times of a segment. */
const speakerLabel = /^(?:\[[\d:–]+\] )?(\p{L}[\p{L}\p{M}'’ .-]{0,40})[:：]/gmu;

const nobody: ReadonlySet<string> = new Set();

/** What chunks are to one another as parts of a talk. Chunks are told by their place. */
export class Talk {
  readonly #order: RecordedOrder;
  readonly #asks: boolean[] = [];
  readonly #timed: boolean[] = [];
  readonly #speakers: ReadonlySet<string>[] = [];
  /** How many chunks each name speaks in. */
  readonly #names = new Map<string, number>();
  #sittings: number[] | undefined;

  constructor(order: RecordedOrder) {
    this.#order = order;
  }

  /** `documents`: those in the chunk's text, if any can be read. */
  add(place: number, text: string, documents: readonly MemoryDocument[]): void {
    const body = documents.at(-1)?.body ?? text;
    const speakers = speakersIn(body);
    this.#asks[place] = questionAtEnd.test(body);
    this.#timed[place] = saysWhen(body);
    this.#speakers[place] = speakers.size === 0 ? nobody : speakers;
    for (const name of speakers) this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    this.#sittings = undefined;
  }

  remove(place: number): void {
    for (const name of this.#speakers[place] ?? nobody) {
      const left = (this.#names.get(name) ?? 0) - 1;
      if (left > 0) this.#names.set(name, left);
      else this.#names.delete(name);
    }
    this.#asks[place] = false;
    this.#timed[place] = false;
    this.#speakers[place] = nobody;
    this.#sittings = undefined;
  }

  /** By place, the number of the sitting. A document that is not a memory is one. */
  get sittings(): readonly number[] {
    this.#sittings ??= this.#countSittings();
    return this.#sittings;
  }

  /** The chunk before this one in its sitting, where that ends with a question; else null. */
  answered(place: number): number | null {
    const before = this.#goesOnFrom(place);
    return before !== null && this.asks(before) ? before : null;
  }

  /** Whether a chunk ends with a question. */
  asks(place: number): boolean {
    return this.#asks[place] ?? false;
  }

  /** Whether a chunk says when something is. */
  saysWhen(place: number): boolean {
    return this.#timed[place] ?? false;
  }

  /** Whether each chunk is spoken by the one speaker whom a question names; null where it names none, or several. */
  spokenByNamed(question: string): ((place: number) => boolean) | null {
    const words = new Set(question.match(/[\p{L}\p{M}]+/gu));
    const [named, ...others] = [...words].filter((word) => this.#names.has(word));
    if (named === undefined || others.length > 0) return null;
    return (place) => this.#speakers[place]?.has(named) ?? false;
  }

  #goesOnFrom(place: number): number | null {
    const before = this.#order.before(place);
    return before !== null && this.#order.since(before, place) <= longestPause ? before : null;
  }

  #countSittings(): number[] {
    const sittings: number[] = [];
    let count = 0;
    for (const places of this.#order.streams())
      for (const place of places) {
        if (this.#goesOnFrom(place) === null) count += 1;
        sittings[place] = count - 1;
      }
    return sittings;
  }
}

function speakersIn(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(speakerLabel), ([, name = ""]) => name.split(" ")).flat());
}
