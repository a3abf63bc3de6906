import type { Place } from "../../domain/memory-facts.ts";
import type { City } from "./city-data.ts";

/** English names of a region and its country. */
export type Division = Pick<Place, "region" | "country">;

/** English names by the codes of the towns. */
export interface DivisionNames {
  regions: ReadonlyMap<string, string>;
  countries: ReadonlyMap<string, string>;
}

const none = -1;

/** The towns as columns of numbers and one buffer of names. 170,000 objects with a string each would take ten times the memory. */
export class CityTable {
  readonly #divisionNames: DivisionNames;
  readonly #names: Buffer;
  readonly #nameEnds: Uint32Array;
  readonly #coordinates: Float64Array;
  readonly #partOf: Int32Array;
  readonly #divisionOf: Uint16Array;
  readonly #divisions: (Division & { code: string })[] = [];
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
    this.#partOf = new Int32Array(capacity.cities);
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
    this.#partOf[index] = city.partOf === "" ? none : Number(city.partOf);
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

  /** The city that a town is a part of; null for one of its own. */
  wholeOf(index: number): number | null {
    const whole = this.#partOf[index] ?? none;
    return whole === none ? null : whole;
  }

  division(index: number): Division {
    const { region = null, country = null } = this.#divisions[this.#divisionOf[index] ?? -1] ?? {};
    return { region, country };
  }

  /** ISO 3166-1 alpha-2. */
  countryCode(index: number): string {
    return this.#divisions[this.#divisionOf[index] ?? -1]?.code ?? "";
  }

  #divisionNumber({ country, admin1 }: City): number {
    const code = `${country}.${admin1}`;
    const known = this.#divisionNumbers.get(code);
    if (known !== undefined) return known;
    const { regions, countries } = this.#divisionNames;
    const names = { region: regions.get(code) ?? null, country: countries.get(country) ?? null };
    const number = this.#divisions.push({ ...names, code: country }) - 1;
    this.#divisionNumbers.set(code, number);
    return number;
  }
}
