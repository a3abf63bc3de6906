import type { MemoryLocation } from "../../domain/memory.ts";
import { placeIn, placeOf } from "../coordinates.ts";
import { type TimeReader, timeReader } from "../files/time-format.ts";
import type { Fields, FieldValue } from "./front-matter.ts";

const ids = ["id", "uid", "uuid"];
const created = ["created", "date created", "created_at", "date", "day"];
const updated = ["updated", "modified", "date modified", "updated_at", "lastmod"];
const places = ["location", "coordinates", "coords", "gps", "place"];
const latitudes = ["lat", "latitude"];
const longitudes = ["lon", "lng", "long", "longitude"];

/** What the front matter of a note says of it. Times as RFC 3339 in UTC. */
export interface NoteFields {
  id: string | null;
  createdAt: string | null;
  updatedAt: string | null;
  title: string | null;
  tags: string[];
  location: MemoryLocation | null;
  /** The name of a place, where that is what the note gives. */
  placeName: string | null;
  /** What of it could not be read, for people. */
  doubts: string[];
}

/** Of several names for one thing the first counts that has a value of use. Local times are those of `timeZone`. */
export function readFields(fields: Fields, timeZone: string): NoteFields {
  const time = (names: readonly string[]) =>
    firstOf(fields, names, (value) => (typeof value === "string" ? writtenTime(value, timeZone) : null));
  const [createdAt, updatedAt] = [time(created), time(updated)];
  const location = locationOf(fields);
  const placeName = firstOf(fields, ["location", "place"], textIn);
  return {
    id: firstOf(fields, ids, textIn),
    createdAt,
    updatedAt,
    doubts: [
      ...(createdAt === null ? unreadTimes(fields, created) : []),
      ...(updatedAt === null ? unreadTimes(fields, updated) : []),
    ],
    title: firstOf(fields, ["title"], textIn),
    tags: ["tags", "tag"].flatMap((name) => tagsOf(fields.get(name))),
    location,
    placeName:
      placeName !== null && placeIn(placeName) === null && /\p{L}/u.test(placeName) ? placeName : null,
  };
}

/** What stands where a time is expected, and says none. */
function unreadTimes(fields: Fields, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = fields.get(name);
    if (value === undefined || (typeof value === "string" && value.trim() === "")) return [];
    const shown = typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : "of several values";
    return `its \`${name}\` ${shown} is no time that can be read in one way only`;
  });
}

/** How people write a day, or a day and a time, that can be read in one way only; `auto` is what a table may have as well. */
const days = [
  "yyyy-M-d",
  "yyyy/M/d",
  "yyyy.M.d",
  "yyyyMMdd",
  "MMMM d, yyyy",
  "d MMMM yyyy",
  "d. MMMM yyyy",
  "d 'de' MMMM 'de' yyyy",
  "MMM d, yyyy",
  "d MMM yyyy",
  "d. MMM yyyy",
];
const times = ["", " H:mm", " h:mm a", " H:mm:ss", "'T'H:mm:ss", "'T'H:mm"];
let readers: TimeReader[] | undefined;

/** Also of a link to a day's page, `[[Mar 1st, 2026]]`, and with names of months in other languages. */
function writtenTime(value: string, timeZone: string): string | null {
  readers ??= ["auto", ...days.flatMap((day) => times.map((time) => `${day}${time}`))].flatMap(
    (format) => timeReader(format) ?? [],
  );
  const text = value
    .trim()
    .replace(/^\[\[([^[\]]*)\]\]$/u, "$1")
    .replace(/(?<=\b\d{1,2})(?:st|nd|rd|th|er|º)(?!\p{L})/iu, "");
  return readers.reduce<string | null>((found, read) => found ?? read(text, timeZone), null);
}

function firstOf<Found>(
  fields: Fields,
  names: readonly string[],
  read: (value: FieldValue) => Found | null,
): Found | null {
  for (const name of names) {
    const value = fields.get(name);
    const found = value === undefined ? null : read(value);
    if (found !== null) return found;
  }
  return null;
}

const textIn = (value: FieldValue) =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : null;

function tagsOf(value: FieldValue | undefined): string[] {
  if (typeof value === "string") return value.split(/[\s,]+/u).flatMap(tagIn);
  return Array.isArray(value) ? value.flatMap((each) => (typeof each === "string" ? tagIn(each) : [])) : [];
}

function tagIn(text: string): string[] {
  const name = text.trim().replace(/^#/u, "");
  return name === "" ? [] : [name];
}

function locationOf(fields: Fields): MemoryLocation | null {
  const [lat, lon] = [firstOf(fields, latitudes, textIn), firstOf(fields, longitudes, textIn)];
  return firstOf(fields, places, placeAt) ?? (lat !== null && lon !== null ? placeOf(lat, lon) : null);
}

function placeAt(value: FieldValue): MemoryLocation | null {
  if (typeof value === "string") return placeIn(value);
  if (value instanceof Map) return locationOf(value);
  if (!Array.isArray(value)) return null;
  const [first, second] = value;
  return value.length === 2 ? placeOf(first, second) : typeof first === "string" ? placeIn(first) : null;
}
