import { createHash } from "node:crypto";
import type { MalformedMemory } from "../../domain/memory.ts";
import type { InputFile } from "./input-file.ts";
import { JoinedDays } from "./joined-days.ts";
import { type ItemPlace, malformedItem, placeName, type ReadItem } from "./read-item.ts";
import type { Twins } from "./twins.ts";

type MemoryItem = ReadItem & { kind: "memory" };

const versionOf = ({ version, memory }: MemoryItem) => version ?? memory.updatedAt;

/** Who has an id, as the second walk knows it. */
interface Holder {
  updatedAt: string | null;
  number: number;
  place: ItemPlace;
  digest: string;
}

/**
 * Which of several items with one id is shown. A line of a log replaces those before it, also one that cannot be read; what was updated later replaces what is older, and an item of a later file that of an
 * earlier one; none is shown when the file says behind it that it is gone. Other items of one file that share an id are different things: the first one keeps it, and the
 * others are told as malformed, if they say anything else. Holds ids, never memories.
 */
export class Winners {
  /** The number of the item that is shown, by id. */
  readonly #numbers = new Map<string, number>();
  /** When it was updated, where it says that. */
  readonly #updated = new Map<string, string>();
  /** Ids that came more than once, and who has them at this point of the second walk. */
  readonly #repeated = new Map<string, Holder | null>();
  readonly #deleted = new Set<string>();
  /** Ids whose last line in a log is broken, and its number. */
  readonly #unread = new Map<string, number>();
  readonly #ambiguous = new Set<string>();
  readonly #twins: Twins;
  readonly #joined: JoinedDays | null;
  #number = 0;
  /** The file that is being read, and the number of its first item. */
  #file = { location: "", start: 0 };

  /** `twins` knows by now which items have an id that others have too; of several files, days of a chat are joined. */
  constructor(twins: Twins, files: number) {
    this.#twins = twins;
    this.#joined = files > 1 ? new JoinedDays() : null;
  }

  /** On the first walk. */
  note(item: ReadItem, file: InputFile): void {
    this.#count(file);
    if (item.kind === "deleted") {
      const key = this.#twins.idOf(item);
      this.#unread.delete(key);
      this.#numbers.delete(key);
      this.#updated.delete(key);
      this.#deleted.add(key);
    } else if (item.kind === "memory") this.#noteMemory(item);
    else this.#noteUnread(item);
  }

  /** A later line of a log that cannot be read: what stood before it is not true any more. */
  #noteUnread(item: ReadItem & { kind: "malformed" | "truncated" }): void {
    const id = item.kind === "truncated" ? item.id : item.replaces === true ? item.malformed.id : null;
    if (id == null) return;
    this.#numbers.delete(id);
    this.#updated.delete(id);
    this.#deleted.delete(id);
    this.#unread.set(id, this.#number);
  }

  #noteMemory(item: MemoryItem): void {
    this.#joined?.note(item);
    const key = this.#twins.idOf(item);
    const updatedAt = versionOf(item);
    const number = this.#numbers.get(key);
    this.#deleted.delete(key);
    this.#unread.delete(key);
    if (number !== undefined && item.replaces !== true) {
      this.#repeated.set(key, null);
      const holder = { number, updatedAt: this.#updated.get(key) ?? null };
      if (!replacesHolder(this.#standing(holder, updatedAt))) return;
    }
    this.#numbers.set(key, this.#number);
    if (updatedAt === null) this.#updated.delete(key);
    else this.#updated.set(key, updatedAt);
  }

  /** Before the second walk. */
  begin(): void {
    this.#number = 0;
    this.#file = { location: "", start: 0 };
    this.#joined?.begin();
  }

  /** On the second walk: what is shown of this item, or null. A broken line of a log is not where a good one, or the word that it is gone, stands behind it. */
  take(given: ReadItem, file: InputFile): ReadItem | null {
    this.#count(file);
    const item = this.#joined?.take(given) ?? given;
    if (item.kind === "malformed") return this.#broken(item);
    if (item.kind === "truncated") return null;
    const key = this.#twins.idOf(item);
    if (item.kind === "deleted") {
      if (this.#repeated.has(key)) this.#repeated.set(key, null);
      return null;
    }
    const told = this.#repeated.has(key) ? this.#compare(key, item, file.name) : null;
    if (told !== null) return told;
    if (this.#numbers.get(key) !== this.#number) return null;
    return { ...item, memory: this.#twins.memoryOf(item) };
  }

  /** Ids of which the file itself says that they are gone. */
  get deleted(): string[] {
    return [...this.#deleted];
  }

  /** Ids that came with different contents in several files, and with nothing to say which of them is newer. */
  get ambiguous(): string[] {
    return [...this.#ambiguous].filter((id) => this.#numbers.has(id));
  }

  #count({ location }: InputFile): void {
    this.#number += 1;
    if (location !== this.#file.location) this.#file = { location, start: this.#number };
  }

  #broken(item: ReadItem & { kind: "malformed" }): ReadItem | null {
    const { id, fingerprint } = item.malformed;
    if (item.replaces === true && id !== null) return this.#unread.get(id) === this.#number ? item : null;
    if (id === null || !(this.#numbers.has(id) || this.#deleted.has(id))) return item;
    return { ...item, malformed: { ...item.malformed, id: idApart(id, fingerprint) } };
  }

  /** What is to be told of an item whose id another one has; null where nothing is. */
  #compare(key: string, item: MemoryItem, file: string): ReadItem | null {
    const { memory, where } = item;
    const known = this.#repeated.get(key) ?? null;
    const place = where ?? { file, position: this.#number - this.#file.start + 1, unit: "item" };
    const digest = createHash("sha1").update(JSON.stringify(memory)).digest("base64");
    const standing =
      known === null || item.replaces === true ? "newer" : this.#standing(known, versionOf(item));
    if (replacesHolder(standing))
      this.#repeated.set(key, { updatedAt: versionOf(item), number: this.#number, place, digest });
    if (known === null || known.digest === digest || !this.#numbers.has(key)) return null;
    if (standing === "later file") this.#ambiguous.add(key);
    return standing === "taken" ? takenItem(item, place, known.place) : null;
  }

  #standing({ number, updatedAt }: Pick<Holder, "number" | "updatedAt">, updated: string | null): Standing {
    if (updated !== null && updatedAt !== null && updated !== updatedAt)
      return updated > updatedAt ? "newer" : "older";
    return number >= this.#file.start ? "taken" : "later file";
  }
}

/** What an item is to the one that has its id. */
type Standing = "newer" | "older" | "later file" | "taken";

const replacesHolder = (standing: Standing) => standing === "newer" || standing === "later file";

function takenItem({ memory }: MemoryItem, place: ItemPlace, holder: ItemPlace): ReadItem {
  const text = JSON.stringify({ id: memory.id, title: memory.title, text: memory.transcript.slice(0, 300) });
  const digest = createHash("sha256").update(JSON.stringify(memory)).digest("hex");
  const problem = `its id ${JSON.stringify(memory.id)} is that of ${placeName(holder)} already`;
  const code: MalformedMemory["code"] = "MEMORY_ID_TAKEN";
  return malformedItem(place, { code, id: idApart(memory.id, digest), problems: [problem], text, digest });
}

/** The id of a dead letter beside the memory that has the id itself; the same as long as its contents are. */
const idApart = (id: string, digest: string) => `${id} (${digest.slice(0, 8)})`;
