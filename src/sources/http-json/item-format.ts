import type { Memory, MemoryLocation } from "../../domain/memory.ts";
import { placeIn, placeOf } from "../coordinates.ts";
import { type TimeReader, timeReader } from "../files/time-format.ts";
import { findId } from "../json-list/find-id.ts";
import {
  describeSurrogate,
  isRecord,
  type ListedItem,
  type ListFormat,
  malformedItem,
  nameOf,
} from "../json-list/parsed-item.ts";
import { flawOfId, usableId } from "../listed-item.ts";
import type { CompleteDeclaration, MappedField } from "./declaration.ts";
import { passesList, removeAt, valuesAt } from "./read-path.ts";

/** What of a declaration says how an item is read. */
export type ItemDeclaration = Pick<
  CompleteDeclaration,
  | "fields"
  | "items"
  | "timeFormat"
  | "textFormat"
  | "tagSeparator"
  | "memoryType"
  | "skip"
  | "volatile"
  | "account"
> & { timeZone: string };

/**
 * How the items of a declared list become memories. Required are an id and a time; the rest costs no memory, but for a text that is
 * none. `account` is whose items are read; null reads all.
 */
export function itemFormat(declaration: ItemDeclaration, account: string | null): ListFormat {
  const { items, fields } = declaration;
  const read = new ItemReading(declaration, account);
  const [idPath = ""] = fields.id ?? [];
  return {
    path: items === "." ? [] : items.split("."),
    server: "the server",
    hint: "say with the connector's source.items where the list is in the answer, and look whether source.url and source.path lead to it",
    parse: (value, bytes) => read.parse(value, bytes),
    findId: (bytes) => (idPath.includes(".") ? null : findId(bytes, idPath)),
    isItem: (value) => isRecord(value) && valuesAt(value, idPath).length > 0,
  };
}

class ItemReading {
  readonly #declaration: ItemDeclaration;
  readonly #account: string | null;
  readonly #time: TimeReader;

  constructor(declaration: ItemDeclaration, account: string | null) {
    this.#declaration = declaration;
    this.#account = account;
    this.#time = timeReader(declaration.timeFormat) ?? (() => null);
  }

  parse(item: unknown, bytes: Buffer | null): ListedItem {
    if (!isRecord(item)) return malformedItem(item, null, [`the item is ${nameOf(item)}, not an object`]);
    const { volatile, memoryType } = this.#declaration;
    for (const path of volatile) removeAt(item, path);
    const problems: string[] = [];
    const id = this.#id(item, bytes, problems);
    if (this.#isNone(item)) return { kind: "other", key: `#${id ?? JSON.stringify(item).slice(0, 200)}` };
    if (id !== null && this.#values(item, "deleted").some(saysSomething)) return { kind: "deleted", id };
    const createdAt = this.#requiredTime(item, "created_at", problems);
    const transcript = this.#text(item, problems);
    if (id === null || createdAt === null || problems.length > 0) return malformedItem(item, id, problems);
    const memory: Memory = {
      id,
      type: this.#word(item, "type") ?? memoryType,
      audio: false,
      image: false,
      transcript,
      location: this.#location(item),
      createdAt,
      updatedAt: this.#optionalTime(item, "updated_at"),
      title: this.#word(item, "title"),
      tags: this.#tags(item),
      ...this.#extras(item),
    };
    return { kind: "memory", memory };
  }

  /** What is left out where it is not known. */
  #extras(item: unknown): Partial<Memory> {
    const { textFormat } = this.#declaration;
    const extras = {
      endedAt: this.#optionalTime(item, "ended_at"),
      url: this.#word(item, "url"),
      placeName: this.#word(item, "place_name"),
      language: this.#word(item, "language"),
      format: textFormat,
    };
    return Object.fromEntries(Object.entries(extras).filter(([, value]) => value !== null));
  }

  #values(item: unknown, field: MappedField): unknown[] {
    for (const path of this.#declaration.fields[field] ?? []) {
      const values = valuesAt(item, path).filter((value) => value !== "");
      if (values.length > 0) return values;
    }
    return [];
  }

  /** The field and where it was looked for, for messages. */
  #label(field: MappedField): string {
    const paths = this.#declaration.fields[field] ?? [];
    return paths.length === 1 && paths[0] === field ? field : `${field} (${paths.join(", ")})`;
  }

  #isNone(item: unknown): boolean {
    const { skip, account } = this.#declaration;
    const isSkipped = skip.some(({ field, begins }) =>
      valuesAt(item, field).some((value) => typeof value === "string" && value.startsWith(begins)),
    );
    const owner = account?.owner;
    if (isSkipped || owner === undefined || this.#account === null) return isSkipped;
    return valuesAt(item, owner).some((value) => String(value) !== this.#account);
  }

  #id(item: unknown, bytes: Buffer | null, problems: string[]): string | null {
    const [value] = this.#values(item, "id");
    const id = typeof value === "number" ? exactNumber(value, bytes, this.#declaration.fields.id) : value;
    const problem = typeof id === "string" ? flawOfId(id) : idProblem(value);
    if (problem !== null) problems.push(`${this.#label("id")}: ${problem}`);
    return typeof id === "string" ? usableId(id) : null;
  }

  #requiredTime(item: unknown, field: MappedField, problems: string[]): string | null {
    const [value] = this.#values(item, field);
    const time = this.#time(value, this.#declaration.timeZone);
    if (time !== null && value !== undefined) return time;
    const shown = JSON.stringify(value)?.slice(0, 40);
    const problem =
      value === undefined ? "is missing" : `${shown} is no time (${this.#declaration.timeFormat})`;
    problems.push(`${this.#label(field)}: ${problem}`);
    return null;
  }

  #optionalTime(item: unknown, field: MappedField): string | null {
    const [value] = this.#values(item, field);
    return value === undefined ? null : this.#time(value, this.#declaration.timeZone);
  }

  #text(item: unknown, problems: string[]): string {
    const parts = (this.#declaration.fields.text ?? []).flatMap((path) => valuesAt(item, path));
    const wrong = parts.find((part) => typeof part === "object");
    if (wrong !== undefined) problems.push(`${this.#label("text")}: is ${nameOf(wrong)}, not a text`);
    const text = parts
      .map(String)
      .filter((part) => part.trim() !== "")
      .join("\n\n");
    if (!text.isWellFormed()) problems.push(`${this.#label("text")}: ${describeSurrogate(text)}`);
    return text;
  }

  #word(item: unknown, field: MappedField): string | null {
    const [value] = this.#values(item, field);
    const word = typeof value === "number" ? String(value) : value;
    return typeof word === "string" && word.trim() !== "" && word.isWellFormed() ? word : null;
  }

  #location(item: unknown): MemoryLocation | null {
    const [place] = this.#values(item, "place");
    const ofText = typeof place === "string" ? placeIn(place) : null;
    return ofText ?? placeOf(this.#values(item, "lat")[0], this.#values(item, "lon")[0]);
  }

  /** Sorted: a list without a promised order would look changed each time. */
  #tags(item: unknown): string[] {
    const { tagSeparator, fields } = this.#declaration;
    const tags = this.#values(item, "tags").flatMap((value) => {
      if (typeof value === "number") return [String(value)];
      if (typeof value !== "string") return [];
      const isInList = (fields.tags ?? []).some((path) => passesList(item, path));
      return isInList ? [value] : tagsIn(value, tagSeparator);
    });
    return [...new Set(tags.filter((tag) => tag.trim() !== "" && tag.isWellFormed()))].sort();
  }
}

function tagsIn(text: string, separator: string): string[] {
  const together = [...text.matchAll(/\[\[([^\]]*)\]\]/gu)].map(([, tag = ""]) => tag);
  const rest = text.replaceAll(/\[\[[^\]]*\]\]/gu, separator);
  return [...together, ...rest.split(separator)].map((tag) => tag.trim());
}

function saysSomething(value: unknown): boolean {
  return value !== false && value !== 0 && value !== "" && value !== "false" && value !== "0";
}

function exactNumber(value: number, bytes: Buffer | null, paths: readonly string[] = []): string | null {
  const [path = ""] = paths;
  const exact = bytes === null || path.includes(".") ? null : findId(bytes, path);
  return exact ?? (Number.isSafeInteger(value) ? String(value + 0) : null);
}

function idProblem(id: unknown): string {
  if (typeof id === "number") return "is a number that cannot be read exactly; it must be sent as a text";
  return id === undefined ? "is missing" : `is ${nameOf(id)}, not a text`;
}
