import { cutText } from "../kernel/util/text.ts";
import type { Memory } from "./memory.ts";
import type { Place } from "./memory-facts.ts";
import { namedSpeakers } from "./named-speakers.ts";

/** What the ledger keeps of a memory to find it by, beside its time and its coordinates. Bounded, whatever a source says. */
export interface Facets {
  /** The names of its place, from the narrowest to the widest: what the source calls it, district, town, region, country. */
  readonly place: readonly string[];
  readonly tags: readonly string[];
  /** Who speaks in it, and whom it names. */
  readonly people: readonly string[];
  /** Which media it has. Left out where it has none. */
  readonly media?: readonly ("audio" | "image")[];
}

export const noFacets: Facets = { place: [], tags: [], people: [] };

/** Up to this distance a memory is near a town. Kilometres. */
export const nearTownKm = 25;

/** Of each kind; more are no help in finding anything. */
const mostNames = 32;
const longestName = 100;

/** The longest text that any setting lets the ledger keep. Code points. */
export const longestKeptText = 2000;

/** The document of a group is found by the notes in it. */
export function facetsOf(memory: Memory): Facets {
  const { members, tags, placeName, facts } = memory;
  if (members !== undefined) return noFacets;
  const media = (["audio", "image"] as const).filter((kind) => memory[kind]);
  return {
    place: names([placeName ?? "", ...placeNames(facts?.place ?? null)]),
    tags: names([...tags, ...(facts?.tags ?? [])].map((tag) => tag.trim().replace(/^#/u, ""))),
    people: names([...namedSpeakers(memory), ...(facts?.people ?? [])]),
    ...(media.length > 0 && { media }),
  };
}

/** A town that is far away is not where it was. */
function placeNames(place: Place | null): string[] {
  if (place === null) return [];
  const { district, city, region, country, distanceKm } = place;
  const isNear = distanceKm === null || distanceKm <= nearTownKm;
  return [...(isNear ? [district, city] : []), region, country].filter((name) => name !== null);
}

/** The beginning of what a memory says: its title, its words, else what its audio says or its picture shows. */
export function beginningOf({ members, title, transcript, facts }: Memory): string | null {
  if (members !== undefined) return null;
  const words = transcript || facts?.transcription || facts?.image?.description || "";
  const text = [title ?? "", words].map(oneLine).filter(Boolean).join(": ");
  return text === "" ? null : cutText(text, longestKeptText);
}

/** Each once, without regard to case. */
function names(given: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const name of given.map(oneLine)) {
    if (byKey.size === mostNames) break;
    const key = name.toLowerCase();
    if (name !== "" && !byKey.has(key)) byKey.set(key, cutText(name, longestName));
  }
  return [...byKey.values()];
}

/** Only as much of a long text is looked at as can be kept of it. */
function oneLine(text: string): string {
  return text
    .slice(0, 2 * longestKeptText)
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}
