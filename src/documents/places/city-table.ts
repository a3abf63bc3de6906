import type { Place } from "../../domain/memory-facts.ts";
import type { City } from "./city-data.ts";

type Division = Pick<Place, "region" | "country">;

/** English names by the codes that towns carry. */
export interface DivisionNames {
  regions: ReadonlyMap<string, string>;
  countries: ReadonlyMap<string, string>;
}

/**
 * The towns as columns of numbers and one block of bytes. 170,000 objects with a string each would take ten times the memory.
 */
export class CityTable {
  readonly #divisionNames: DivisionNames;
  readonly #names: Buffer;
  readonly #nameEnds: Uint32Array;
  readonly #coordinates: Float64Array;
  readonly #divisionOf: Uint16Array;
  readonly #divisions: Division[] = [];
  readonly #divisionNumbers = new Map<string, number>();
  #size = 0;

  /**
   * @param capacity of towns and of bytes of their names; may be generous: unwritten pages take no memory.
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
