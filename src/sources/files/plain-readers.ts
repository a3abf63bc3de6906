import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import { findId } from "../json-list/find-id.ts";
import type { ListedPiece } from "../json-list/item-reader.ts";
import { JsonListReader } from "../json-list/json-list-reader.ts";
import { tooLarge, usableId } from "../listed-item.ts";
import { type Item, itemMapper } from "./field-map.ts";
import { CutOff, type InputFile, utf8Of } from "./input-file.ts";
import { readCsv } from "./read-csv.ts";
import { type ItemPlace, malformedItem, type ReadItem } from "./read-item.ts";
import { type Line, readLines } from "./read-lines.ts";
import type { FilesOptions } from "./settings.ts";
import { timeReader } from "./time-format.ts";

/** Reads the items of a file in their order. */
export type FormatReader = (
  file: InputFile,
  options: FilesOptions,
  signal: AbortSignal,
) => AsyncIterable<ReadItem>;

/** Deeper items are refused before anything processes them. */
const maxDepth = 100;

/** One object a line. */
export const readJsonLines: FormatReader = async function* (file, options, signal) {
  const map = mapperOf(options);
  for await (const line of readLines(utf8Of(file, options.encoding, signal), options.maxItemBytes)) {
    const where = { file: file.name, position: line.number, unit: "line" } as const;
    const text = line.bytes.toString();
    if (text.trim() === "") continue;
    const reading = line.flaw === null ? readItem(line.bytes) : { ok: false as const, ...line.flaw };
    if (reading.ok) {
      const item = mapped(reading.value, where, text, map);
      yield item.kind === "deleted" ? item : { ...item, replaces: true };
    } else yield brokenLine(line, where, reading, options);
  }
};

/** What is told of a line that is no JSON; a last one without its end may still become one. */
function brokenLine(
  line: Line,
  where: ItemPlace,
  { code, problem }: ItemFlaw,
  options: FilesOptions,
): ReadItem {
  const id = idIn(line.bytes, options);
  const reason = `line ${line.number} of ${where.file} has no end: it is still being written, or cut off`;
  if (!line.isEnded) return { kind: "truncated", reason, id };
  const flaw = { code, id, problems: [problem], text: line.bytes.toString() };
  return { ...malformedItem(where, flaw), replaces: true };
}

/** The id of a line that is no JSON, as far as it can be read: what is said before of that id may not be true any more. */
function idIn(bytes: Buffer, { map: { id = ["id"] } }: FilesOptions): string | null {
  const [name = "", ...others] = id;
  return others.length > 0 || name.includes(".") ? null : usableId(findId(bytes, name));
}

/** A list of objects, somewhere in a JSON text. */
export const readJsonFile: FormatReader = async function* (file, options, signal) {
  const map = mapperOf(options);
  for await (const { value, where, text } of readJsonItems(file, options.items ?? [], options, signal)) {
    if (where === null) yield value as ReadItem;
    else yield mapped(value, where, text, map);
  }
};

/** A JSON text that is one object. */
export const readSingleItem: FormatReader = async function* (file, options, signal) {
  const where = { file: file.name, position: 1, unit: "item" } as const;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of utf8Of(file, options.encoding, signal)) {
    size += part.length;
    if (size <= options.maxItemBytes) parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  const text = bytes.toString("utf8", 0, 4096);
  const isTooLarge = size > options.maxItemBytes;
  const reading = isTooLarge
    ? { ok: false as const, ...tooLarge(size, options.maxItemBytes) }
    : readItem(bytes);
  if (reading.ok) yield mapped(reading.value, where, text, mapperOf(options));
  else yield malformedItem(where, { code: reading.code, problems: [reading.problem], text });
};

/** Why an item cannot be taken. */
interface ItemFlaw {
  code: "MEMORY_MALFORMED" | "MEMORY_UNDECODABLE" | "MEMORY_TOO_LARGE";
  problem: string;
}

/** An item in which whole numbers of more digits than a number has are texts: ids, and times in nanoseconds. */
function readItem(bytes: Buffer): { ok: true; value: unknown } | ({ ok: false } & ItemFlaw) {
  const reading = readJsonBytes(bytes, maxDepth);
  if (!reading.ok) {
    const code = reading.fault === "undecodable" ? "MEMORY_UNDECODABLE" : "MEMORY_MALFORMED";
    return { ok: false, code, problem: `it ${reading.problem}` };
  }
  const text = bytes.toString();
  if (!/\d{16}/u.test(text)) return reading;
  const exact = (_: string, value: unknown, context?: { source: string }) =>
    typeof value === "number" && /^-?\d{16,}$/u.test(context?.source ?? "") ? context?.source : value;
  return { ok: true, value: JSON.parse(text.replace(/^\ufeff/u, ""), exact) };
}

/** An item, or with `where` null what is to be said in its place. */
type JsonItem =
  | { value: unknown; where: ItemPlace; text: string }
  | { value: ReadItem; where: null; text: string };

/** The items of a list in a JSON file, each as it is; what is damaged is told in its place. */
export async function* readJsonItems(
  file: InputFile,
  path: readonly string[],
  options: Pick<FilesOptions, "encoding" | "maxItemBytes">,
  signal: AbortSignal,
): AsyncGenerator<JsonItem> {
  let items: JsonItem[] = [];
  const reader = new JsonListReader({
    path,
    maxItemBytes: options.maxItemBytes,
    onPiece: (piece) => items.push(jsonItem(piece, file.name, options.maxItemBytes)),
    isItem: (bytes) => isObject(readJsonBytes(bytes)),
  });
  const told = (reason: string): JsonItem => ({
    value: { kind: "truncated", reason },
    where: null,
    text: "",
  });
  let broken: string | null = null;
  try {
    for await (const chunk of utf8Of(file, options.encoding, signal)) {
      reader.push(chunk);
      yield* items;
      items = [];
    }
  } catch (error) {
    if (!(error instanceof CutOff || error instanceof SyntaxError)) throw error;
    broken = error.message;
  }
  let end: string | null;
  try {
    end = reader.end().doubt;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    end = error.message.replace(/^the answer/u, "it");
  }
  yield* items;
  const doubt =
    broken ?? end ?? (reader.hasList || file.size === 0 ? null : `it has no list ${pathName(path)}`);
  if (doubt !== null) yield told(`${file.name} may hold more: ${doubt.replace("the answer", "it")}`);
}

const pathName = (path: readonly string[]) =>
  path.length === 0 ? "at its beginning" : `at ${path.join(".")}`;

function jsonItem(piece: ListedPiece, file: string, maxBytes: number): JsonItem {
  const where = { file, position: piece.position, unit: "item" } as const;
  const text = piece.bytes.toString("utf8", 0, 4096);
  const flawed = ({ code, problem }: ItemFlaw): JsonItem => ({
    value: malformedItem(where, { code, problems: [problem], text, digest: piece.digest }),
    where: null,
    text,
  });
  if (piece.size > maxBytes) return flawed(tooLarge(piece.size, maxBytes));
  if (!piece.isBounded)
    return flawed({ code: "MEMORY_MALFORMED", problem: "it is not JSON, and where it ends is not clear" });
  const reading = readItem(piece.bytes);
  if (!reading.ok)
    return flawed(piece.size === 0 ? { ...reading, problem: "it is missing between two commas" } : reading);
  return { value: reading.value, where, text };
}

/** A table with a row for each memory. */
export const readTable: FormatReader = async function* (file, options, signal) {
  const map = mapperOf(options);
  let names: readonly string[] | null = null;
  for await (const row of readCsv(utf8Of(file, options.encoding, signal), options)) {
    const where = { file: file.name, position: row.line, unit: "line" } as const;
    if (row.end !== "whole")
      yield {
        kind: "truncated",
        reason: `line ${row.line} of ${file.name} begins a text in quotes that has no end`,
      };
    if (row.end === "cut") continue;
    if (row.problem !== null) {
      const { code, reason, advice } = row.problem;
      yield malformedItem(where, { code, problems: [reason], advice, text: row.text });
    } else if (names === null && options.header) names = columnNames(row.fields);
    else {
      names ??= row.fields.map((_, index) => String(index + 1));
      const problem = widthProblem(row.fields, names);
      yield problem === null
        ? mapped(itemOf(row.fields, names), where, row.text, map)
        : malformedItem(where, { problems: [problem], text: row.text });
    }
  }
};

function columnNames(fields: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return fields.map((field, index) => {
    const name = field.trim() || String(index + 1);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

/** Programs leave out empty fields at the end of a row; one that is too long has a delimiter that no quotes surround. */
function widthProblem(fields: readonly string[], names: readonly string[]): string | null {
  const isWider = fields.slice(names.length).some((field) => field.trim() !== "");
  return isWider ? `it has ${fields.length} fields, and the first line names ${names.length}` : null;
}

const itemOf = (fields: readonly string[], names: readonly string[]): Item =>
  Object.fromEntries(names.map((name, index) => [name, fields[index] ?? ""]));

function mapped(
  value: unknown,
  where: ItemPlace,
  text: string,
  map: ReturnType<typeof itemMapper>,
): ReadItem & { kind: "memory" | "malformed" | "deleted" } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return malformedItem(where, { problems: ["it is no object"], text });
  const item = map(value as Item);
  if (item.kind === "flawed") return malformedItem(where, { ...item, text });
  return item.kind === "memory" ? { ...item, where } : item;
}

function mapperOf({ map, timeFormat, timeZone, memoryType, mayLackTime }: FilesOptions) {
  const readTime = timeReader(timeFormat) ?? (() => null);
  return itemMapper({ map, timeZone, type: memoryType, mayLackTime, readTime });
}

function isObject(reading: ReturnType<typeof readJsonBytes>): boolean {
  return (
    reading.ok && typeof reading.value === "object" && reading.value !== null && !Array.isArray(reading.value)
  );
}
