import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { distance } from "geokdbush";
import { readCities } from "../../src/documents/places/city-data.ts";
import { OfflinePlaceFinder } from "../../src/documents/places/offline-place-finder.ts";
import { timeZoneAt } from "../../src/documents/places/time-zone-at.ts";
import { placeInWords } from "../../src/documents/words.ts";
import { nearTownKm } from "../../src/domain/facets.ts";
import type { MemoryLocation } from "../../src/domain/memory.ts";
import { offsetSecondsAt } from "../../src/kernel/util/time-zone.ts";
import { largeCities, placesAroundTowns, placesIn, townsToAsk } from "./place-points.ts";

/** What others say of the places of place-points.ts, in their order. */
export interface References {
  /** Of which release of which map, and under which licence. */
  from: string[];
  /** Of each of the towns its time zone. */
  zones: string[];
  /** Of each place around towns its country in English; empty where the map has none. */
  countries: string[];
}

/** Answers that were right among those that were asked for, and the others in words. */
export interface PlaceFigure {
  what: string;
  asked: number;
  right: number;
  wrong: string[];
}

export const percentOf = ({ asked, right }: PlaceFigure): number => (100 * right) / asked;

const file = fileURLToPath(new URL("place-references.br", import.meta.url));
type Frozen = { from: string[] } & Record<"zones" | "countries", [text: string, times: number][]>;

/** The references that are kept with the tests; `npm run bench:places -- --freeze` renews them. */
export function frozenReferences(): References {
  const { from, zones, countries }: Frozen = JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
  return { from, zones: zones.flatMap(repeated), countries: countries.flatMap(repeated) };
}

export function freeze({ from, zones, countries }: References): void {
  const frozen: Frozen = { from, zones: runsOf(zones), countries: runsOf(countries) };
  writeFileSync(file, brotliCompressSync(JSON.stringify(frozen)));
}

const repeated = ([text, times]: [string, number]): string[] => Array(times).fill(text);

function runsOf(texts: readonly string[]): [string, number][] {
  const runs: [string, number][] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last?.[0] === text) last[1] += 1;
    else runs.push([text, 1]);
  }
  return runs;
}

const finder = new OfflinePlaceFinder();
const placeAt = async (location: MemoryLocation) => (await finder.find(location)).place;

export async function zoneFigures({ zones }: References): Promise<PlaceFigure[]> {
  const names = newFigure("time zone of a town");
  const offsets = newFigure("offset of a town's clocks, in winter and in summer");
  for (const [at, town] of townsToAsk().entries()) {
    const [zone, expected = ""] = [(await timeZoneAt(town)) ?? "", zones[at]];
    const words = `${town.lat}, ${town.lon}: ${zone}, not ${expected}`;
    count(names, zone === expected, words);
    count(offsets, zone === expected || haveSameOffsets(zone, expected), words);
  }
  return [names, offsets];
}

function haveSameOffsets(one: string, other: string): boolean {
  return [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)].every(
    (instant) => offsetSecondsAt(instant, one) === offsetSecondsAt(instant, other),
  );
}

export async function countryFigure({ countries }: References): Promise<PlaceFigure> {
  const figure = newFigure("country of a place up to 10 km from a town");
  for (const [at, place] of placesAroundTowns().entries()) {
    const expected = countries[at];
    if (expected === undefined || expected === "") continue;
    const country = (await placeAt(place))?.country ?? null;
    count(figure, country === expected, `${place.lat}, ${place.lon}: ${country}, not ${expected}`);
  }
  return figure;
}

export async function cityFigures(): Promise<PlaceFigure[]> {
  const [inText, asCity] = [newFigure("a large city is in the text"), newFigure("a large city is the city")];
  for (const large of largeCities) {
    for (const location of placesIn(large)) {
      const place = await placeAt(location);
      const text = place === null ? "" : placeInWords(place);
      count(inText, text.includes(large.name), `${large.name}: ${text}`);
      count(asCity, place?.city?.startsWith(large.name) ?? false, `${large.name}: ${text}`);
    }
  }
  return [inText, asCity];
}

/** Places all over the world, most of them at sea: towns that are named have to be near. */
export async function nearnessFigure(): Promise<PlaceFigure> {
  const figure = newFigure("towns that are named lie within 25 km");
  const towns = await townsByName();
  for (const location of [...placesAroundTowns().filter((_, at) => at % 50 === 0), ...grid()]) {
    const place = await placeAt(location);
    for (const name of [place?.city, place?.district].filter((each) => each != null)) {
      const km = Math.min(...(towns.get(name) ?? []).map((town) => kmBetween(town, location)));
      count(figure, km <= nearTownKm + 0.1, `${location.lat}, ${location.lon}: ${name} (${km} km)`);
    }
  }
  return figure;
}

async function townsByName(): Promise<Map<string, MemoryLocation[]>> {
  const towns = new Map<string, MemoryLocation[]>();
  for await (const batch of readCities())
    for (const { name, lat, lng } of batch)
      towns.set(name, [...(towns.get(name) ?? []), { lat: Number(lat), lon: Number(lng) }]);
  return towns;
}

function grid(): MemoryLocation[] {
  const lats = Array.from({ length: 33 }, (_, at) => -80 + 5 * at);
  const lons = Array.from({ length: 71 }, (_, at) => -175 + 5 * at);
  return lats.flatMap((lat) => lons.map((lon) => ({ lat, lon })));
}

const kmBetween = (a: MemoryLocation, b: MemoryLocation): number => distance(a.lon, a.lat, b.lon, b.lat);

const newFigure = (what: string): PlaceFigure => ({ what, asked: 0, right: 0, wrong: [] });

function count(figure: PlaceFigure, isRight: boolean, words: string): void {
  figure.asked += 1;
  if (isRight) figure.right += 1;
  else figure.wrong.push(words);
}
