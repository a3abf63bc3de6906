import type { MemoryLocation } from "../domain/memory.ts";

const number = String.raw`[+-]?\d{1,3}(?:[.,]\d{1,15})?`;
const pair = new RegExp(String.raw`^\s*\(?(${number})°?\s*(?:;\s*|,\s+|\s+)(${number})°?\)?\s*$`, "u");
/** Without a blank, a comma divides; then points are the decimal ones. */
const tightPair = /^\s*\(?([+-]?\d{1,3}(?:\.\d{1,15})?),([+-]?\d{1,3}(?:\.\d{1,15})?)\)?\s*$/u;

/** A place from two texts or numbers in degrees, also with a decimal comma; null for none: unreadable, out of range, or 0/0. */
export function placeOf(lat: unknown, lon: unknown): MemoryLocation | null {
  const place = { lat: degrees(lat), lon: degrees(lon) };
  if (!(Math.abs(place.lat) <= 90 && Math.abs(place.lon) <= 180)) return null;
  return place.lat === 0 && place.lon === 0 ? null : place;
}

/** A place from one text such as `50.7374,7.0982` or `50,7374; 7,0982`; null for none. */
export function placeIn(text: string): MemoryLocation | null {
  const match = tightPair.exec(text) ?? pair.exec(text);
  return match === null ? null : placeOf(match[1], match[2]);
}

function degrees(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^\s*[+-]?\d{1,3}(?:[.,]\d{1,20})?\s*$/u.test(value)) return Number.NaN;
  return Number(value.replace(",", "."));
}
