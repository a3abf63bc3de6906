import { ConnectorError } from "../kernel/errors/connector-error.ts";

/** Pages in a row without anything new, after which the server is thought to show the same one again and again. */
const maxRepeats = 20;

/** What a walk through a list has shown. */
export class KnownItems<Item> {
  readonly #keys = new Set<string>();
  readonly #keyOf: (item: Item) => string;
  #repeats = 0;

  constructor(keyOf: (item: Item) => string) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#keys.size;
  }

  has(item: Item): boolean {
    return this.#keys.has(this.#keyOf(item));
  }

  /** Notes a page of a list. Throws `SOURCE_BAD_ANSWER` when the list seems to have no end. */
  add(items: readonly Item[]): void {
    const before = this.#keys.size;
    for (const item of items) this.#keys.add(this.#keyOf(item));
    this.#repeats = this.#keys.size > before ? 0 : this.#repeats + 1;
    if (this.#repeats > maxRepeats) throw endless();
  }
}

function endless(): ConnectorError {
  const message = `the list has no end: ${maxRepeats} pages in a row show nothing that was not there before`;
  return new ConnectorError("SOURCE_BAD_ANSWER", message, {
    hint: "check that the source's url is the server itself, and not a cache in front of it",
  });
}
