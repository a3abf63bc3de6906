import type { MemoryLocation } from "../../domain/memory.ts";
import { editDistance } from "../../kernel/util/edit-distance.ts";
import { foldText } from "../../kernel/util/text.ts";
import { type City, readCities, readCountryNames, readRegionNames } from "./city-data.ts";
import { foreignNames } from "./town-names.ts";

/** A town by its name. */
export interface Town {
  name: string;
  /** English; null where nobody knows. */
  region: string | null;
  country: string | null;
  location: MemoryLocation;
}

/**
 * The towns of a name, the one with most people first: `Lisbon`, or with what it lies in, by name or by code, `Springfield, Illinois` or
 * `Paris, US`. Case and accents do not matter. Names are those of the GeoNames gazetteer, mostly English ones, and for well-known towns what they
 * are called in other languages (`Lisboa`). No network; the gazetteer is read in a third of a second and not kept, but for the answers to the
 * last names.
 */
export async function findTowns(named: string): Promise<readonly Town[]> {
  const [name = "", ...within] = partsOf(named);
  const meant = new Set(foreignNames.get(name));
  const isMeant = (town: string, country: string) => town === name || meant.has(`${country} ${town}`);
  return kept([name, ...within].join(","), async () =>
    townsOf(await citiesThat((town, country) => (isMeant(town, country) ? 0 : null)), within),
  );
}

/** A list is asked for page after page. */
const answers = new Map<string, Promise<readonly Town[]>>();
const mostAnswers = 100;

function kept(key: string, find: () => Promise<Town[]>): Promise<readonly Town[]> {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const found = find();
  answers.set(key, found);
  found.catch(() => answers.delete(key));
  for (const oldest of answers.keys()) {
    if (answers.size <= mostAnswers) break;
    answers.delete(oldest);
  }
  return found;
}

/**
 * The towns that somebody may have meant who wrote a name that none has, the likeliest first: those whose names begin like that, and those whose
 * names in any language differ in a letter or two.
 */
export async function townsLike(named: string): Promise<Town[]> {
  const [name = ""] = partsOf(named);
  if (name === "") return [];
  const slips = slipsIn(name);
  const foreign = new Map<string, number>();
  for (const [other, towns] of foreignNames) {
    const distance = distanceWithin(name, other, slips);
    if (distance !== null)
      for (const town of towns) foreign.set(town, Math.min(distance, foreign.get(town) ?? distance));
  }
  const distanceOf = (town: string, country: string) => {
    if (town.startsWith(name)) return 1;
    const known = [foreign.get(`${country} ${town}`), distanceWithin(name, town, slips)];
    const distances = known.filter((distance) => distance != null);
    return distances.length === 0 ? null : Math.min(...distances);
  };
  return townsOf(await citiesThat(distanceOf), []);
}

/** How many letters may be wrong. In a short name any would lead anywhere. */
function slipsIn(name: string): number {
  if (name.length < 4) return 0;
  if (name.length < 6) return 1;
  return name.length < 10 ? 2 : 3;
}

/** In letters; null for more than `most`. */
function distanceWithin(name: string, other: string, most: number): number | null {
  if (Math.abs(name.length - other.length) > most) return null;
  const distance = editDistance(name, other);
  return distance <= most ? distance : null;
}

interface Found extends City {
  distance: number;
}

/** The cities to which a function gives a distance, given folded name and country; the nearest first, then those with most people. */
async function citiesThat(distanceOf: (name: string, country: string) => number | null): Promise<Found[]> {
  const found: Found[] = [];
  for await (const batch of readCities())
    for (const city of batch) {
      const distance = distanceOf(foldText(city.name), city.country);
      if (distance !== null) found.push({ ...city, distance });
    }
  return found.toSorted((a, b) => a.distance - b.distance || Number(b.population) - Number(a.population));
}

/** The towns, of them those that lie in all of this. */
async function townsOf(cities: readonly Found[], within: readonly string[]): Promise<Town[]> {
  const [regions, countries] = await Promise.all([readRegionNames(), readCountryNames()]);
  const towns = cities.map((city) => {
    const region = regions.get(`${city.country}.${city.admin1}`) ?? null;
    return { city, region, country: countries.get(city.country) ?? null };
  });
  return towns
    .filter(({ city: { admin1, country: code }, region, country }) => {
      const around = [region, country, admin1, code].map((text) => foldText(text ?? ""));
      return within.every((part) => around.includes(part));
    })
    .map(({ city: { name, lat, lng }, ...division }) => {
      return { name, ...division, location: { lat: Number(lat), lon: Number(lng) } };
    });
}

/** What a text names, from the narrowest to the widest. Spaces count once. */
function partsOf(named: string): string[] {
  const [name = "", ...within] = named
    .split(",")
    .map((part) => foldText(part).trim().replaceAll(/\s+/gu, " "));
  return [name, ...within.filter(Boolean)];
}
