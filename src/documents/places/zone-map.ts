import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import type { MemoryLocation } from "../../domain/memory.ts";
import { packagedFile } from "../../packaged-file.ts";

/**
 * The file is a line with a header, and the map: the world, -180 to 180 by -90 to 90 degrees, is cut into four, and each part again, until a part has
 * one zone. A part is a byte: `cut`, followed by its south-western, south-eastern, north-western and north-eastern quarter; else how long ago
 * its zone was used, 1 for the last one, from `farBack` on with a second byte for the rest. scripts/zones/pack.ts writes it.
 */
export interface ZonesHeader {
  /** IANA names in the order in which they come first; the empty one is the open sea. */
  zones: string[];
  /** Of each zone the countries, ISO 3166-1 alpha-2, that have towns in it. */
  countries: string[][];
  /** How many parts there are. */
  parts: number;
}
export const cut = 0;
export const farBack = 255;
const newLine = 10;

/** Zones by how long ago they were used: near a border the same few come again and again, and their numbers are small. */
export class RecentZones {
  readonly #zones: number[] = [];

  /** 0 for the one that was used last; of a new one, how many there have been. */
  rankOf(zone: number): number {
    const known = this.#zones.indexOf(zone);
    const rank = known < 0 ? this.#zones.length : known;
    this.#use(zone, rank);
    return rank;
  }

  at(rank: number): number {
    const zone = this.#zones[rank] ?? this.#zones.length;
    this.#use(zone, rank);
    return zone;
  }

  #use(zone: number, rank: number): void {
    for (let at = rank; at > 0; at--) this.#zones[at] = this.#zones[at - 1] ?? zone;
    this.#zones[0] = zone;
  }
}

/** The time zones of the world, to some 1 km on land. */
export class ZoneMap {
  readonly #zones: readonly string[];
  readonly #countries: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of each part its zone, as a negative number from -1 on, or where its four quarters begin. */
  readonly #parts: Int32Array;

  private constructor({ zones, countries }: ZonesHeader, parts: Int32Array) {
    this.#zones = zones;
    this.#countries = new Map(zones.map((zone, at) => [zone, new Set(countries[at])]));
    this.#parts = parts;
  }

  /** Takes some hundredths of a second, and some megabytes for as long as it is kept. */
  static async read(): Promise<ZoneMap> {
    const text = await promisify(brotliDecompress)(await readFile(packagedFile("data/zones.br")));
    const begin = text.indexOf(newLine) + 1;
    const header = JSON.parse(text.toString("utf8", 0, begin)) as ZonesHeader;
    return new ZoneMap(header, unpack(text.subarray(begin), header.parts));
  }

  /** An IANA name; null on the open sea. */
  zoneAt({ lat, lon }: MemoryLocation): string | null {
    let [west, south, width, height] = [-180, -90, 360, 180];
    let part = this.#parts[0] ?? -1;
    while (part >= 0) {
      [width, height] = [width / 2, height / 2];
      const [isEast, isNorth] = [lon >= west + width, lat >= south + height];
      if (isEast) west += width;
      if (isNorth) south += height;
      part = this.#parts[part + (isEast ? 1 : 0) + (isNorth ? 2 : 0)] ?? -1;
    }
    return this.#zones[-1 - part] || null;
  }

  /** The countries, ISO 3166-1 alpha-2, of which one has the place; null on the open sea, and where nobody lives. */
  countriesAt(location: MemoryLocation): ReadonlySet<string> | null {
    const countries = this.#countries.get(this.zoneAt(location) ?? "");
    return countries === undefined || countries.size === 0 ? null : countries;
  }
}

function unpack(bytes: Uint8Array, size: number): Int32Array {
  const parts = new Int32Array(size);
  const recent = new RecentZones();
  let [at, next] = [0, 1];
  const read = (part: number): void => {
    const byte = bytes[at++] ?? cut;
    if (byte !== cut) {
      parts[part] = -1 - recent.at(byte === farBack ? byte - 1 + (bytes[at++] ?? 0) : byte - 1);
      return;
    }
    const first = next;
    next += 4;
    parts[part] = first;
    for (let quarter = 0; quarter < 4; quarter++) read(first + quarter);
  };
  read(0);
  return parts;
}
