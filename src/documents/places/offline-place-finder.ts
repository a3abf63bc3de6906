import { around, distance } from "geokdbush";
import KDBush from "kdbush";
import { nearTownKm } from "../../domain/facets.ts";
import type { MemoryLocation } from "../../domain/memory.ts";
import type { Place } from "../../domain/memory-facts.ts";
import { cityCapacity, readCities, readCountryNames, readRegionNames } from "./city-data.ts";
import { CityTable } from "./city-table.ts";
import type { FoundPlace, PlaceFinder } from "./place-finder.ts";
import { zoneMap } from "./time-zone-at.ts";
import type { ZoneMap } from "./zone-map.ts";

interface Gazetteer {
  cities: CityTable;
  index: KDBush;
  zones: ZoneMap;
}

/** The part of a city is named up to here: 40,000 people, as many as live in one, fill a circle of that radius. Kilometres. */
const nearPartKm = 2;

/** Far from any town a region is named when so many of the nearest ones lie in it. */
const witnesses = 3;

/**
 * Names a place after the nearest town of its country, from the GeoNames gazetteer in the package: no network. The part of a city is its district. Whose
 * the place is the map of time zones tells: no zone has towns of two countries but where they share it. Where no town is near there are the region
 * and the country, at sea nothing. The gazetteer is read at the first call, in half a second, and kept.
 */
export class OfflinePlaceFinder implements PlaceFinder {
  readonly identity = "geonames";
  #gazetteer: Promise<Gazetteer> | null = null;

  async find(location: MemoryLocation, signal?: AbortSignal): Promise<FoundPlace> {
    signal?.throwIfAborted();
    this.#gazetteer ??= readGazetteer();
    return { place: placeAt(await this.#gazetteer, location), settled: true };
  }
}

async function readGazetteer(): Promise<Gazetteer> {
  const [regions, zones] = await Promise.all([readRegionNames(), zoneMap()]);
  const countries = readCountryNames();
  const cities = new CityTable(await cityCapacity(), { regions, countries });
  for await (const batch of readCities()) for (const city of batch) cities.add(city);
  return { cities, index: indexOf(cities), zones };
}

function indexOf(cities: CityTable): KDBush {
  const index = new KDBush(cities.size);
  for (let i = 0; i < cities.size; i++) index.add(cities.longitude(i), cities.latitude(i));
  return index.finish();
}

function placeAt(gazetteer: Gazetteer, location: MemoryLocation): Place | null {
  const { cities, zones } = gazetteer;
  const countries = zones.countriesAt(location);
  const inCountry = (index: number) => countries?.has(cities.countryCode(index)) ?? true;
  const [nearest] = nearestTowns(gazetteer, location, 1, inCountry, nearTownKm);
  if (nearest !== undefined) return placeNear(cities, nearest, location);
  return countries === null ? null : placeFarFromTowns(gazetteer, location, inCountry);
}

function nearestTowns(
  { index }: Gazetteer,
  { lat, lon }: MemoryLocation,
  most: number,
  fits: (index: number) => boolean,
  km = Number.POSITIVE_INFINITY,
): number[] {
  return around(index, lon, lat, most, km, fits);
}

function placeNear(cities: CityTable, nearest: number, location: MemoryLocation): Place {
  const whole = cities.wholeOf(nearest);
  const isPart = whole !== null && kmTo(cities, whole, location) <= nearTownKm;
  const city = isPart ? whole : nearest;
  const district =
    isPart && kmTo(cities, nearest, location) <= nearPartKm
      ? nameWithin(cities.name(city), cities.name(nearest))
      : null;
  return {
    district,
    city: cities.name(city),
    ...cities.division(city),
    distanceKm: Math.round(kmTo(cities, district === null ? city : nearest, location) * 10) / 10,
  };
}

/** A part without its city and its number: `Louvre` of `Paris 01 Louvre`; null where that is all, as of `Lyon 01`. */
function nameWithin(city: string, part: string): string | null {
  if (!part.startsWith(`${city} `)) return part;
  const rest = part.slice(city.length + 1);
  const name = rest.replace(/^(?:\d+|\([^)]*\d\))\s*\/?\s*/u, "");
  return name === rest ? part : name || null;
}

const kmTo = (cities: CityTable, index: number, { lat, lon }: MemoryLocation): number =>
  distance(lon, lat, cities.longitude(index), cities.latitude(index));

function placeFarFromTowns(
  gazetteer: Gazetteer,
  location: MemoryLocation,
  inCountry: (index: number) => boolean,
): Place | null {
  const around = nearestTowns(gazetteer, location, witnesses, inCountry);
  const [first, ...others] = around.map((town) => gazetteer.cities.division(town));
  if (first === undefined) return null;
  const isCertain = others.every(({ region }) => region === first.region);
  return { district: null, city: null, ...first, region: isCertain ? first.region : null, distanceKm: null };
}
