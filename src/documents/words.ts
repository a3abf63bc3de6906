import { nearTownKm } from "../domain/facets.ts";
import { factsOf, type Memory, type MemoryLocation } from "../domain/memory.ts";
import type { Place } from "../domain/memory-facts.ts";
import { foldWhiteSpace } from "./storable-text.ts";

/** At this distance and beyond, the town says little about the place. Kilometres. */
const farKm = 200;

/** `voice_note` and `voiceNote` → `Voice note`. */
export function humanType(type: string): string {
  const spoken = kindInWords(type);
  const [first = ""] = spoken;
  return first.toUpperCase() + spoken.slice(first.length);
}

/** `voice_note` and `voiceNote` → `voice note`; `SMS` stays. */
export function kindInWords(type: string): string {
  const words = type
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/[_\-\s]+/gu, " ")
    .trim();
  return /^[\p{Lu}\p{N}\s]+$/u.test(words) ? words : words.toLowerCase();
}

/** The source's name of the place, and the geocoder's; empty when neither is known. */
export function placesOf(memory: Memory): string {
  const { place } = factsOf(memory);
  return [memory.placeName, place && placeInWords(place)].filter(Boolean).join(", ");
}

/** `near Powai, Maharashtra, India (1.9 km)`. */
export function placeInWords(place: Place): string {
  const names = [place.district, place.city, place.region, place.country];
  const name = names.filter((each, index) => each !== null && names.indexOf(each) === index).join(", ");
  const { distanceKm } = place;
  if (distanceKm === null) return name;
  if (distanceKm <= nearTownKm) return `near ${name} (${distanceKm} km)`;
  const away = `${Math.round(distanceKm)} km from ${name}`;
  return distanceKm <= farKm ? away : `far from any town, ${away}`;
}

/** Latitude and longitude in degrees, to a tenth of a metre. */
export function coordinates({ lat, lon }: MemoryLocation): string {
  return `${degrees(lat)}, ${degrees(lon)}`;
}

/** Latitude and longitude in degrees, to some ten metres. */
export function roughCoordinates({ lat, lon }: MemoryLocation): string {
  return `${degrees(lat, 4)}, ${degrees(lon, 4)}`;
}

/** Never in the form `1e-7`. */
export function degrees(value: number, decimals = 6): string {
  return String(Number(value.toFixed(decimals)));
}

/** The media of a memory, and whether they were read. */
export function mediaList(memory: Memory): string[] {
  const { transcription, image } = factsOf(memory);
  const audio = transcription === null ? `audio${unreadSuffix(memory, "audio")}` : "audio (transcribed)";
  const picture = image === null ? `image${unreadSuffix(memory, "image")}` : "image (described)";
  return [memory.audio ? audio : "", memory.image ? picture : ""].filter(Boolean);
}

/** The files of a memory by their names: `plan.pdf`, `image`. */
export function attachmentList({ attachments = [] }: Memory): string[] {
  return attachments.map(({ name, kind }) => foldWhiteSpace(name ?? "") || kind);
}

/** Who speaks, each once, in the order of speaking. */
export function speakersOf({ segments = [] }: Memory): string[] {
  const names = segments.map(({ speaker }) => foldWhiteSpace(speaker ?? "")).filter(Boolean);
  return [...new Set(names)];
}

const timeSourcesInWords: Readonly<Record<NonNullable<Memory["timeSource"]>, string>> = {
  entry: "when it was written down",
  file_name: "by the name of its file",
  file_date: "by the date of its file",
  first_seen: "when it was first seen",
};

/** Suffix of a time that is not that of the recording. */
export function timeSourceSuffix({ timeSource }: Memory): string {
  return timeSource === undefined ? "" : `, ${timeSourcesInWords[timeSource]}`;
}

/** What a time is the time of, where that is not the recording. */
export function timeSourceInWords({ timeSource }: Memory): string | null {
  return timeSource === undefined ? null : timeSourcesInWords[timeSource];
}

/** Suffix of a medium that no model could read. */
export function unreadSuffix(memory: Memory, kind: "audio" | "image"): string {
  return factsOf(memory).unreadable?.includes(kind) === true ? " (could not be read)" : "";
}

/** The tags found here that the source does not have, ignoring case. */
export function foundTags(memory: Memory): string[] {
  const own = new Set(memory.tags.map((tag) => tag.toLowerCase()));
  return factsOf(memory).tags.filter((tag) => !own.has(tag.toLowerCase()));
}

/** The source's tags and those found here, without duplicates, ignoring case. */
export function tagList(memory: Memory): string[] {
  const tags = [...memory.tags, ...factsOf(memory).tags];
  const known = new Set<string>();
  return tags.filter((tag) => {
    const key = tag.toLowerCase();
    return tag.trim() !== "" && !known.has(key) && known.add(key);
  });
}
