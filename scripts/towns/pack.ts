import { brotliCompressSync, constants } from "node:zlib";
import type { City } from "../../src/documents/places/city-data.ts";
import {
  asMostWrite,
  mostShared,
  newName,
  sharedBase,
  type TownsHeader,
} from "../../src/documents/places/town-files.ts";
import { foldText } from "../../src/kernel/util/text.ts";
import type { NumberedCity } from "./gazetteer.ts";

/** Smaller blocks take more room, larger ones more time for each town that is looked up. */
const namesPerBlock = 1024;

/** The gazetteer as two files: the table of towns, and their names with what a reader of the table has to know. */
export function packTowns(cities: readonly NumberedCity[]): { towns: Buffer; names: Buffer } {
  const byName = Map.groupBy(cities, ({ name }) => foldText(name));
  const names = [...byName.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const places = new Map(names.flatMap((name) => byName.get(name) ?? []).map((city, at) => [city, at]));
  const lineOf = (city: NumberedCity) => {
    const whole = city.partOf === null ? undefined : cities[city.partOf];
    return { ...city, partOf: String((whole && places.get(whole)) ?? "") };
  };
  const blocks: Buffer[] = [];
  for (let at = 0; at < names.length; at += namesPerBlock) {
    const lines = names
      .slice(at, at + namesPerBlock)
      .map((name) => linesOf(name, (byName.get(name) ?? []).map(lineOf)));
    blocks.push(packed(lines.join("\n")));
  }
  let end = 0;
  const header: TownsHeader = {
    cities: cities.length,
    nameBytes: cities.reduce((sum, { name }) => sum + Buffer.byteLength(name), 0),
    namesPerBlock,
    ends: blocks.map(({ length }) => (end += length)),
  };
  return { towns: Buffer.concat(blocks), names: packed(`${JSON.stringify(header)}\n${frontCoded(names)}`) };
}

function linesOf(folded: string, towns: readonly City[]): string {
  const usual = asMostWrite(folded);
  const lines = towns.map(({ name, lat, lng, country, admin1, population, partOf }) =>
    [name === usual ? "" : name, lat, lng, country, admin1, population, partOf].map(cell).join("\t"),
  );
  return `${newName}${lines.join("\n")}`;
}

/** A line for each name: how many characters are those of the name before, as one character, and the others. */
function frontCoded(names: readonly string[]): string {
  return names
    .map((name, at) => {
      const shared = sharedLength(names[at - 1] ?? "", name);
      return `${String.fromCharCode(sharedBase + shared)}${cell(name.slice(shared))}\n`;
    })
    .join("");
}

function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < Math.min(mostShared, one.length) && one[length] === other[length]) length++;
  // Half a character is none in a file.
  return /[\ud800-\udbff]$/u.test(other.slice(0, length)) ? length - 1 : length;
}

function packed(text: string): Buffer {
  const size = Buffer.byteLength(text);
  return brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: size },
  });
}

/** Throws for a text that would be taken for two. */
export function cell(text = ""): string {
  if (/[\t\n]/u.test(text)) throw new Error(`${JSON.stringify(text)} cannot stand in a cell`);
  return text;
}
