import type { Memory } from "../../../src/domain/memory.ts";
import type { PushedChange } from "../../../src/domain/pushed-memory.ts";
import type { Said } from "./source-history.ts";
import { plainMemory, type WeekSetup, type WeekSource } from "./week-source.ts";

/** A program that sends what happens: at once, twice, while a run goes on, and again where it got no answer. */
class PushWeek implements WeekSource {
  readonly settings = { type: "push" as const };
  readonly shape = "sent";
  readonly limit = 2_000;
  readonly hid = false;
  readonly isKeptInState = true;
  readonly #setup: WeekSetup;
  /** The first ones before the next run, the others in its course. */
  #unsent: PushedChange[][] = [[]];
  #isTwice = false;

  constructor(setup: WeekSetup) {
    this.#setup = setup;
  }

  memoryOf(said: Said): Memory {
    return plainMemory(said);
  }

  put(said: Said): void {
    this.#unsent.at(-1)?.push({ memory: this.memoryOf(said) });
  }

  /** What is no memory is refused at the door. */
  spoil(): null {
    return null;
  }

  delete(id: string): void {
    this.#unsent.at(-1)?.push({ deleted: id });
  }

  unshown(): ReadonlySet<string> {
    return new Set();
  }

  drawShape(): void {
    // There is one.
  }

  beHonest(): void {
    // It is.
  }

  drawFault(): string {
    const { random, change } = this.#setup;
    this.#isTwice = random.chance(0.2);
    const late = random.chance(0.3) ? 1 + random.below(3) : 0;
    for (let changes = late; changes > 0; changes -= 1) {
      this.#unsent.push([]);
      change();
    }
    return [this.#isTwice && "sent twice", late > 0 && "sent during the run"].filter(Boolean).join(" + ");
  }

  sent(): readonly (readonly PushedChange[])[] {
    return this.#isTwice ? this.#unsent.flatMap((part) => [part, part]) : this.#unsent;
  }

  async calm(isAnswered: boolean): Promise<void> {
    this.#unsent = isAnswered ? [[]] : [this.#unsent.flat()];
    this.#isTwice = false;
  }
}

export async function pushWeek(setup: WeekSetup): Promise<WeekSource> {
  return new PushWeek(setup);
}
