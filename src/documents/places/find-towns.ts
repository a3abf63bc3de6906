import type { MemoryLocation } from "../../domain/memory.ts";
import { foldText } from "../../kernel/util/text.ts";
import { type City, readCities, readCountryNames, readRegionNames } from "./city-data.ts";

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
 * `Paris, US`. Case and accents do not matter. Names are those of the GeoNames gazetteer, mostly English ones. No network; the gazetteer
 * is read in a third of a second and not kept, but for the answers to the last names.
 */
export async function findTowns(named: string): Promise<readonly Town[]> {
  const [name = "", ...within] = partsOf(named);
  return kept([name, ...within].join(","), () => townsThat((town) => town === name, within));
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

/** The towns whose names begin like that, those with most people first. */
export async function townsLike(named: string): Promise<Town[]> {
  const [name = ""] = partsOf(named);
  return name === "" ? [] : townsThat((town) => town.startsWith(name), []);
}

async function townsThat(isMeant: (name: string) => boolean, within: readonly string[]): Promise<Town[]> {
  const [regions, countries] = await Promise.all([readRegionNames(), readCountryNames()]);
  const found: City[] = [];
  for await (const batch of readCities())
    for (const city of batch) if (isMeant(foldText(city.name))) found.push(city);
  const towns = found
    .toSorted((a, b) => Number(b.population) - Number(a.population))
    .map((city) => {
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
