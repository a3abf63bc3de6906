import type { MalformedMemory } from "../domain/memory.ts";
import { describeSurrogate, isRecord, malformedItem, nameOf } from "./json-list/parsed-item.ts";
import { flawOfId } from "./listed-item.ts";
import { parseTimestamp } from "./timestamp.ts";

/** The fields of an item of a list, read one by one; what is wrong with them is collected. Missing texts are empty. */
export class ItemFields {
  readonly #whole: unknown;
  readonly #item: Readonly<Record<string, unknown>>;
  readonly #problems: string[];
  readonly #path: string;

  constructor(item: unknown, inside: { path: string; problems: string[] } = { path: "", problems: [] }) {
    this.#whole = item;
    this.#item = isRecord(item) ? item : {};
    this.#problems = inside.problems;
    this.#path = inside.path;
    if (inside.path === "" && !isRecord(item))
      this.#problems.push(`the item is ${nameOf(item)}, not an object`);
  }

  /** The fields of an object in it; none where there is no object. */
  within(name: string): ItemFields {
    return new ItemFields(this.#item[name], { path: `${this.#path}${name}.`, problems: this.#problems });
  }

  /** The fields of each object in a list. */
  each(name: string): ItemFields[] {
    const list = this.#item[name];
    if (!Array.isArray(list)) return [];
    return list.map(
      (item, index) =>
        new ItemFields(item, { path: `${this.#path}${name}[${index}].`, problems: this.#problems }),
    );
  }

  /** An id that stays distinguishable wherever it is used, or the empty text. */
  id(name: string): string {
    const value = this.#item[name];
    const flaw = typeof value === "string" ? flawOfId(value) : this.#noText(value);
    return flaw === null ? (value as string) : this.#wrong(name, flaw);
  }

  text(name: string): string {
    const value = this.#item[name];
    if (value === undefined || value === null) return "";
    if (typeof value !== "string") return this.#wrong(name, this.#noText(value));
    return value.isWellFormed() ? value : this.#wrong(name, describeSurrogate(value));
  }

  /** A text that costs no memory: null where it is missing or cannot be read. */
  optional(name: string): string | null {
    const value = this.#item[name];
    return typeof value === "string" && value.trim() !== "" && value.isWellFormed() ? value : null;
  }

  /** Null where there is none. */
  number(name: string): number | null {
    const value = this.#item[name];
    return typeof value === "number" && value >= 0 ? value : null;
  }

  /** The first of these times that is there: text in ISO 8601, or milliseconds since the epoch; 0 is none. */
  time(...names: readonly [string, ...string[]]): string {
    for (const name of names) {
      const value = this.#item[name];
      if (value === undefined || value === null || value === 0 || value === "") continue;
      return timeOf(value) ?? this.#wrong(name, `${JSON.stringify(value)?.slice(0, 40)} is no time`);
    }
    return this.#wrong(names[0], "is missing");
  }

  /** As `time`, but costs no memory. */
  optionalTime(name: string): string | null {
    return this.#item[name] === 0 ? null : timeOf(this.#item[name]);
  }

  /** What is wrong with the item; null for nothing. `id` is its id where it has one. */
  malformed(id: string): MalformedMemory | null {
    if (this.#problems.length === 0) return null;
    return malformedItem(this.#whole, id === "" ? null : id, this.#problems).malformed;
  }

  #wrong(name: string, problem: string): "" {
    this.#problems.push(`${this.#path}${name}: ${problem}`);
    return "";
  }

  #noText(value: unknown): string {
    return value === undefined ? "is missing" : `is ${nameOf(value)}, not a text`;
  }
}

/** The last instant with four digits of the year. */
const latest = Date.UTC(9999, 11, 31);

function timeOf(value: unknown): string | null {
  if (typeof value === "string") return parseTimestamp(value);
  return typeof value === "number" && value >= 0 && value <= latest ? new Date(value).toISOString() : null;
}
