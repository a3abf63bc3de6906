import { factsOf, type Memory, withFacts } from "../domain/memory.ts";
import { type Choice, readChoice } from "./choose.ts";
import { sha256 } from "./fingerprint.ts";

/** A connector's filter, which remembers its answer for memories that lose the words that it may ask for. */
export class FilterChoice {
  readonly #choice: Choice;
  readonly #filter: string;

  /** Days in the expression are those of the zone. Throws a `ChoiceProblem`. */
  constructor(expression: string, timeZone: string) {
    this.#choice = readChoice(expression, timeZone);
    this.#filter = sha256(expression);
  }

  /** The answer that was noted for this very filter; else what the memory says now. */
  fits(memory: Memory): boolean {
    const { chosen } = factsOf(memory);
    return chosen?.filter === this.#filter ? chosen.fits : this.#choice(memory);
  }

  /** The changed form of a memory, with the answer that the memory had before. */
  noted(changed: Memory, before: Memory): Memory {
    return withFacts(changed, { chosen: { filter: this.#filter, fits: this.fits(before) } });
  }
}
