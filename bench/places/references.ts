import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readCountryNames } from "../../src/documents/places/city-data.ts";
import type { MemoryLocation } from "../../src/domain/memory.ts";
import { npmPackage } from "../../test/support/npm-program.ts";
import type { References } from "../../test/support/place-figures.ts";
import { placesAroundTowns, townsToAsk } from "../../test/support/place-points.ts";
import { pythonWith } from "../../test/support/python-environment.ts";

const zonesFrom = "timezonefinder==9.0.0";
const countriesFrom = { name: "@rapideditor/country-coder", version: "5.6.1" };

/** Asks the maps of others, which are fetched at the first call. */
export async function askReferences(): Promise<References> {
  const python = await pythonWith(zonesFrom.replace("==", "-"), zonesFrom);
  const { name, version } = countriesFrom;
  return {
    from: [`zones: ${zonesFrom} (ODbL)`, `countries: ${name} ${version} (ISC)`],
    zones: zonesBy(python),
    countries: await countriesBy(await npmPackage(name, version)),
  };
}

const script = `
import sys, timezonefinder
finder = timezonefinder.TimezoneFinder(in_memory=True)
for line in sys.stdin:
    lat, lon = map(float, line.split())
    print(finder.timezone_at(lat=lat, lng=lon))
`;

function zonesBy(python: string): string[] {
  const input = townsToAsk()
    .map(({ lat, lon }) => `${lat} ${lon}\n`)
    .join("");
  return execFileSync(python, ["-c", script], { input, maxBuffer: 1 << 26 })
    .toString()
    .trimEnd()
    .split("\n");
}

/** Whose it is the map and the gazetteer do not agree on, for a reason that no map mends. */
const isCrimea = ({ lat, lon }: MemoryLocation) => lat > 44.3 && lat < 46.2 && lon > 32.4 && lon < 36.7;

async function countriesBy(folder: string): Promise<string[]> {
  const require = createRequire(join(folder, "node_modules", "index.js"));
  const coder = require(countriesFrom.name);
  const names = readCountryNames();
  return placesAroundTowns().map(({ lat, lon }) => {
    if (isCrimea({ lat, lon })) return "";
    // Territories have names of their own in the gazetteer, too: Puerto Rico is not told as the United States.
    const found = coder.feature([lon, lat], { level: "territory" }) ?? coder.feature([lon, lat]);
    return names.get(found?.properties.iso1A2) ?? "";
  });
}
