import type { ValueCache } from "../../kernel/util/value-cache.ts";

/** In so many parts the times are kept. */
const partCount = 64;

type Part = Map<string, number>;

/** When items without a time were first seen, kept between processes. Milliseconds since the epoch. */
export class FirstSeen {
  readonly #values: ValueCache;
  readonly #prefixes: readonly string[];
  readonly #parts = new Map<number, Part>();
  readonly #changed = new Set<number>();

  /** `sources` tell sources apart: what is known is kept for the first one, and looked for in all of them. */
  constructor(values: ValueCache, sources: readonly string[]) {
    this.#values = values;
    this.#prefixes = sources.map((source) => `files-first-seen/1/${source}/`);
  }

  async timeOf(id: string, now: number): Promise<number> {
    const number = partOf(id);
    const part = this.#parts.get(number) ?? (await this.#load(number));
    const known = part.get(id);
    if (known !== undefined) return known;
    part.set(id, now);
    this.#changed.add(number);
    return now;
  }

  /** Writes down what is new; to be called before anybody is shown a time. */
  async keep(): Promise<void> {
    for (const number of this.#changed)
      await this.#values.put(
        `${this.#prefixes[0]}${number}`,
        Object.fromEntries(this.#parts.get(number) ?? []),
      );
    this.#changed.clear();
  }

  async #load(number: number): Promise<Part> {
    const [first = {}, ...others] = await Promise.all(
      this.#prefixes.map((prefix) => this.#kept(prefix, number)),
    );
    const known = Object.assign({}, ...others.toReversed(), first);
    const part = new Map(Object.entries(known).filter(isTime));
    if (part.size > Object.keys(first).length) this.#changed.add(number);
    this.#parts.set(number, part);
    return part;
  }

  async #kept(prefix: string, number: number): Promise<object> {
    const kept = await this.#values.get(`${prefix}${number}`);
    return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? kept : {};
  }
}

const isTime = (entry: [string, unknown]): entry is [string, number] => Number.isSafeInteger(entry[1]);

function partOf(id: string): number {
  let sum = 0;
  for (let at = 0; at < id.length; at += 1) sum = (Math.imul(sum, 31) + id.charCodeAt(at)) | 0;
  return (sum >>> 0) % partCount;
}
