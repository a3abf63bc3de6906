import type { ReadItem } from "./read-item.ts";

type Identified = ReadItem & { kind: "memory" | "deleted" };

const givenId = (item: Identified) => (item.kind === "memory" ? item.memory.id : item.id);

/**
 * Tells items apart whose ids are no more than moments: those of one folder with other names are others, and their names become part of their ids; in another folder it is
 * the same export made again. Items that alone have their id keep it.
 */
export class Twins {
  /** The first name by folder and id. */
  readonly #names = new Map<string, string>();
  /** Ids that several items of one folder have. */
  readonly #shared = new Set<string>();

  note(item: ReadItem): void {
    if (item.kind !== "memory" && item.kind !== "deleted") return;
    if (item.twin === undefined) return;
    const place = JSON.stringify([item.twin.folder, givenId(item)]);
    const first = this.#names.get(place) ?? item.twin.name;
    this.#names.set(place, first);
    if (first !== item.twin.name) this.#shared.add(givenId(item));
  }

  /** Whether there are any: then ids that were given out before have to be asked for again. */
  get areThere(): boolean {
    return this.#shared.size > 0;
  }

  /** Final once all items are noted. */
  idOf(item: Identified): string {
    const id = givenId(item);
    return item.twin === undefined || !this.#shared.has(id) ? id : `${id}/${item.twin.name}`;
  }
}
