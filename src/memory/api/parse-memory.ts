import { createHash } from "node:crypto";
import type { MalformedMemory, Memory, MemoryLocation } from "../memory.ts";
import { parseTimestamp } from "./timestamp.ts";

/** An item of a listing, judged alone. */
export type ParsedItem =
  | { kind: "memory"; memory: Memory }
  | { kind: "malformed"; malformed: MalformedMemory };

/**
 * Turns one item of a listing into a `Memory`, or collects all that is wrong with it.
 *
 * Needed are a usable `id` and `created_at`, and text where text belongs. What only adorns a memory never costs it: a
 * location that is half, unreadable, out of range or 0,0 is no location, an unreadable `updated_at` or `title` is none.
 * Unpaired surrogates in text become U+FFFD, because they have no form in UTF-8 and could neither be stored nor sent.
 * Source: `Memory` and "seen in the field" of the Memory API's OpenAPI document.
 */
export function parseMemory(item: unknown): ParsedItem {
  if (!isRecord(item)) return malformed(item, null, [`the item is ${nameOf(item)}, not an object`]);
  const problems: string[] = [];
  const id = readId(item.id, problems);
  const createdAt = readCreatedAt(item.created_at, problems);
  const type = readText("type", item.type, problems) || "unknown";
  const transcript = readText("transcript", item.transcript, problems);
  if (id === null || createdAt === null || problems.length > 0) return malformed(item, id, problems);
  const memory: Memory = {
    id,
    type,
    audio: Boolean(item.audio),
    image: Boolean(item.image),
    transcript,
    location: readLocation(item.location_lat, item.location_lon),
    createdAt,
    updatedAt: typeof item.updated_at === "string" ? parseTimestamp(item.updated_at) : null,
    title: typeof item.title === "string" && item.title !== "" ? item.title.toWellFormed() : null,
    tags: readTags(item.tags),
  };
  return { kind: "memory", memory };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Numbers are ids of older servers. One beyond 2^53 has lost digits in JSON and could name another memory. */
function readId(id: unknown, problems: string[]): string | null {
  if (typeof id === "number" && Number.isSafeInteger(id)) return String(id);
  if (typeof id === "string" && id !== "" && id.isWellFormed()) return id;
  problems.push(`id: ${idProblem(id)}`);
  return null;
}

function idProblem(id: unknown): string {
  if (id === "") return "is empty";
  if (typeof id === "string") return "holds an unpaired surrogate";
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
  if (typeof value === "string") return value.toWellFormed();
  problems.push(`${field}: is ${nameOf(value)}, not a string`);
  return "";
}

function readLocation(lat: unknown, lon: unknown): MemoryLocation | null {
  if (typeof lat !== "number" || typeof lon !== "number") return null;
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return null;
  return lat === 0 && lon === 0 ? null : { lat, lon };
}

function readTags(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((tag) => typeof tag === "string" && tag !== "")
    .map((tag: string) => tag.toWellFormed());
}

const excerptCharacters = 500;

function malformed(item: unknown, id: string | null, problems: string[]): ParsedItem {
  const json = toJson(item);
  const fingerprint = createHash("sha256").update(json).digest("hex");
  const excerpt = json.slice(0, excerptCharacters).toWellFormed();
  return { kind: "malformed", malformed: { id, problems, excerpt, fingerprint } };
}

/** The parser reads deeper nesting than the writer can write; such an item is malformed anyway. */
function toJson(item: unknown): string {
  try {
    return JSON.stringify(item) ?? "null";
  } catch {
    return '"(nested too deeply to be shown)"';
  }
}

/** What a JSON value is, for people. */
export function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
