import type { Memory, MemoryLocation } from "../../domain/memory.ts";
import { findId } from "../json-list/find-id.ts";
import { type ListBodyOptions, type MemoryList, readItemList } from "../json-list/memory-list.ts";
import {
  describeSurrogate,
  isRecord,
  type ListFormat,
  malformedItem,
  nameOf,
  type ParsedItem,
} from "../json-list/parsed-item.ts";
import { flawOfId } from "../listed-item.ts";
import { parseTimestamp } from "../timestamp.ts";

/** The lists of the Memory API. */
export const memoryApiFormat: ListFormat = {
  path: ["memories"],
  server: "the Memory API",
  parse: (value, bytes) => {
    const hasNumber = bytes !== null && isRecord(value) && typeof value.id === "number";
    return parseMemory(value, hasNumber ? findId(bytes) : null);
  },
  findId: (bytes) => findId(bytes),
  isItem: (value) => isRecord(value) && "id" in value && "created_at" in value,
};

/** `readItemList` for the Memory API. */
export function readMemoryList(
  body: AsyncIterable<Buffer>,
  options: Omit<ListBodyOptions, "format"> = {},
  onBreak?: (reason: unknown) => void,
): Promise<MemoryList> {
  return readItemList(body, { format: memoryApiFormat, ...options }, onBreak);
}

/**
 * Turns one item of a listing into a `Memory`, or collects all of its problems.
 *
 * Required are a usable `id` and `created_at`, and text where text belongs. Optional fields never cost a memory: a location that is
 * incomplete, unreadable, out of range or 0,0 is ignored, as is an unreadable `updated_at`, `title` or tag. An unpaired surrogate
 * has no form in UTF-8, so a text with one could neither be stored nor sent unchanged: it is unreadable. Source: `Memory` and "seen
 * in the field" of the Memory API's OpenAPI document.
 *
 * @param exactId the whole number of a numeric `id`, with all its digits, if they are known
 */
export function parseMemory(
  item: unknown,
  exactId: string | null = null,
): ParsedItem & { kind: "memory" | "malformed" } {
  if (!isRecord(item)) return malformedItem(item, null, [`the item is ${nameOf(item)}, not an object`]);
  const problems: string[] = [];
  const id = readId(item.id, exactId, problems);
  const createdAt = readCreatedAt(item.created_at, problems);
  const type = readText("type", item.type, problems) || "unknown";
  const transcript = readText("transcript", item.transcript, problems);
  if (id === null || createdAt === null || problems.length > 0) return malformedItem(item, id, problems);
  const memory: Memory = {
    id,
    type,
    audio: Boolean(item.audio),
    image: Boolean(item.image),
    transcript,
    location: readLocation(item.location_lat, item.location_lon),
    createdAt,
    updatedAt: typeof item.updated_at === "string" ? parseTimestamp(item.updated_at) : null,
    title: isReadable(item.title) ? item.title : null,
    tags: readTags(item.tags),
  };
  return { kind: "memory", memory };
}

/** Numbers are ids of older servers. */
function readId(value: unknown, exactId: string | null, problems: string[]): string | null {
  const id = typeof value === "number" ? (exactId ?? wholeNumber(value)) : value;
  const problem = typeof id === "string" ? flawOfId(id) : idProblem(value);
  if (problem !== null) problems.push(`id: ${problem}`);
  return typeof id === "string" && problem === null ? id : null;
}

function wholeNumber(value: number): string | null {
  return Number.isSafeInteger(value) ? String(value + 0) : null;
}

function idProblem(id: unknown): string {
  if (typeof id === "number") return "is a number that cannot be read exactly; it must be sent as a string";
  return id === undefined ? "is missing" : `is ${nameOf(id)}, not a string`;
}

function readCreatedAt(value: unknown, problems: string[]): string | null {
  const time = typeof value === "string" ? parseTimestamp(value) : null;
  if (time !== null) return time;
  if (typeof value === "string")
    problems.push(`created_at: ${JSON.stringify(value.slice(0, 40))} is no ISO 8601 time`);
  else
    problems.push(
      value === undefined ? "created_at: is missing" : `created_at: is ${nameOf(value)}, not a string`,
    );
  return null;
}

function readText(field: string, value: unknown, problems: string[]): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") problems.push(`${field}: is ${nameOf(value)}, not a string`);
  else if (!value.isWellFormed()) problems.push(`${field}: ${describeSurrogate(value)}`);
  else return value;
  return "";
}

function isReadable(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.isWellFormed();
}

function readLocation(lat: unknown, lon: unknown): MemoryLocation | null {
  if (typeof lat !== "number" || typeof lon !== "number") return null;
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return null;
  return lat === 0 && lon === 0 ? null : { lat, lon };
}

function readTags(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isReadable) : [];
}
