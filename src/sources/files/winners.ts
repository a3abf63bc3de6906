import { createHash } from "node:crypto";
import type { ReadItem } from "./read-item.ts";

/**
 * Which of several items with one id is shown: the one updated last, else the last one; and none when the file says behind it that it is
 * gone. Holds ids, never memories.
 */
export class Winners {
  /** The number of the item that is shown, by id. */
  readonly #numbers = new Map<string, number>();
  /** When it was updated, where it says that. */
  readonly #updated = new Map<string, string>();
  /** Ids that came more than once, and a digest of what came first in the second walk. */
  readonly #repeated = new Map<string, string | null>();
  readonly #deleted = new Set<string>();
  readonly #ambiguous = new Set<string>();
  #number = 0;

  /** On the first walk. */
  note(item: ReadItem): void {
    this.#number += 1;
    if (item.kind === "deleted") {
      this.#numbers.delete(item.id);
      this.#updated.delete(item.id);
      this.#deleted.add(item.id);
    } else if (item.kind === "memory") this.#noteMemory(item.memory, item.replaces === true);
  }

  #noteMemory({ id, updatedAt }: { id: string; updatedAt: string | null }, replaces: boolean): void {
    this.#deleted.delete(id);
    const known = this.#updated.get(id);
    if (this.#numbers.has(id) && !replaces) this.#repeated.set(id, null);
    if (!replaces && known !== undefined && updatedAt !== null && updatedAt < known) return;
    this.#numbers.set(id, this.#number);
    if (updatedAt !== null) this.#updated.set(id, updatedAt);
  }

  /** Before the second walk. */
  begin(): void {
    this.#number = 0;
  }

  /** On the second walk: whether this one is shown. A broken form is not where there is a good one, or none any more. */
  take(item: ReadItem): boolean {
    this.#number += 1;
    if (item.kind === "malformed")
      return (
        item.malformed.id === null ||
        !(this.#numbers.has(item.malformed.id) || this.#deleted.has(item.malformed.id))
      );
    if (item.kind !== "memory") return false;
    const { id } = item.memory;
    if (this.#repeated.has(id)) this.#compare(id, item.memory);
    return this.#numbers.get(id) === this.#number;
  }

  /** Ids of which the file itself says that they are gone. */
  get deleted(): string[] {
    return [...this.#deleted];
  }

  /** Ids that came with different contents, and with nothing to say which of them is newer. */
  get ambiguous(): string[] {
    return [...this.#ambiguous].filter((id) => this.#numbers.has(id));
  }

  #compare(id: string, memory: { updatedAt: string | null }): void {
    const digest = createHash("sha1").update(JSON.stringify(memory)).digest("base64");
    const first = this.#repeated.get(id) ?? null;
    if (first === null) this.#repeated.set(id, digest);
    else if (first !== digest && memory.updatedAt === null && !this.#updated.has(id)) this.#ambiguous.add(id);
  }
}
