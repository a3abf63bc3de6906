import type { Memory } from "../../domain/memory.ts";
import type { ReadItem, Twin } from "./read-item.ts";

type Identified = ReadItem & { kind: "memory" | "deleted" };

const givenId = (item: Identified) => (item.kind === "memory" ? item.memory.id : item.id);

/** One of the things that have an id in a folder. */
type Sibling = Pick<Twin, "name"> & { parts: Set<string> | null };

/**
 * Tells items apart whose ids are no more than moments: those of one folder with other names are others, and their names become part of their ids; in another folder it is
 * the same export made again. Items that alone have their id keep it. Of items that say what they consist of, those with a part in common are one, and the first one keeps its id: what
 * was shown under it before stays what it is called.
 */
export class Twins {
  /** By folder and id, in the order in which they were read. */
  readonly #siblings = new Map<string, Sibling[]>();
  /** The name of the sibling that an item of another name is, by folder, id and that name. */
  readonly #sameAs = new Map<string, string>();
  /** Ids that several items of one folder have. */
  readonly #shared = new Set<string>();

  note(item: ReadItem): void {
    if (item.kind !== "memory" && item.kind !== "deleted") return;
    if (item.twin === undefined) return;
    const { name, parts = null } = item.twin;
    const siblings = this.#siblingsOf(item);
    const same = siblings.find((each) => each.name === name || haveCommon(each.parts, parts));
    if (same === undefined) siblings.push({ name, parts: parts && new Set(parts) });
    else for (const part of parts ?? []) same.parts?.add(part);
    if (same !== undefined && same.name !== name) this.#sameAs.set(keyOf(item), same.name);
    if (siblings.length > 1) this.#shared.add(givenId(item));
  }

  /** Whether there are any: then ids that were given out before have to be asked for again. */
  get areThere(): boolean {
    return this.#shared.size > 0;
  }

  /** Final once all items are noted. */
  idOf(item: Identified): string {
    const id = givenId(item);
    const name = this.#nameOf(item);
    return name === null ? id : `${id}/${name}`;
  }

  /** The memory as it is called beside others of its id. */
  memoryOf(item: ReadItem & { kind: "memory" }): Memory {
    const { memory, twin } = item;
    const name = twin?.parts === undefined ? null : this.#nameOf(item);
    const title = name === null || memory.title === null ? memory.title : `${memory.title} (${name})`;
    return { ...memory, id: this.idOf(item), title };
  }

  /** What is said beside the id; null where nothing has to be. */
  #nameOf(item: Identified): string | null {
    const { twin } = item;
    if (twin === undefined || !this.#shared.has(givenId(item))) return null;
    const name = this.#sameAs.get(keyOf(item)) ?? twin.name;
    const names = this.#siblingsOf(item).map((each) => each.name);
    return twin.parts !== undefined && names[0] === name ? null : shortest(name, names);
  }

  #siblingsOf(item: Identified): Sibling[] {
    const place = JSON.stringify([item.twin?.folder, givenId(item)]);
    const siblings = this.#siblings.get(place) ?? [];
    this.#siblings.set(place, siblings);
    return siblings;
  }
}

const keyOf = (item: Identified) => JSON.stringify([item.twin?.folder, givenId(item), item.twin?.name]);

function haveCommon(one: ReadonlySet<string> | null, other: readonly string[] | null): boolean {
  return one !== null && (other?.some((part) => one.has(part)) ?? false);
}

/** The end of a path that no other one of these has: its last name, where that is enough. */
function shortest(path: string, paths: readonly string[]): string {
  const end = (each: string, length: number) => each.split(/[/\\]/u).slice(-length).join("/");
  for (let length = 1; length < path.length; length += 1) {
    const own = end(path, length);
    if (paths.every((other) => other === path || end(other, length) !== own)) return own;
  }
  return path;
}
