import type { MemoryLocation } from "../../domain/memory.ts";
import { editDistance } from "../../kernel/util/edit-distance.ts";
import { foldText } from "../../kernel/util/text.ts";
import { type FoldedTown, readCountryNames, readRegionNames, readTowns } from "./city-data.ts";
import { Slips } from "./slips.ts";
import { TownNames, nameOf as textOf } from "./town-files.ts";
import { foreignNames } from "./town-names.ts";

/** A town by its name. */
export interface Town {
  name: string;
  /** English; null where nobody knows. */
  region: string | null;
  country: string | null;
  location: MemoryLocation;
}

/**
 * The towns of a name, the one with most people first: `Lisbon`, or with what it lies in, by name or by code, `Springfield, Illinois`,
 * `Paris, US` or `Lisbon Portugal`. Case and accents do not matter. Names are those of the GeoNames gazetteer, mostly English ones, and for well-known
 * towns what they are called in other languages (`Lisboa`). No network. All names of the gazetteer are looked through at each new question, in some
 * 30 ms; only the answers to the last ones are kept for good.
 */
export async function findTowns(named: string): Promise<readonly Town[]> {
  return (await lookUp(named)).meant;
}

/**
 * The towns that somebody may have meant who wrote a name that none has, the likeliest first: those whose names begin like that, and those whose
 * names in any language differ in a letter or two.
 */
export async function townsLike(named: string): Promise<readonly Town[]> {
  return (await lookUp(named)).like;
}

interface Answer {
  meant: readonly Town[];
  /** Where none is meant; else empty. */
  like: readonly Town[];
}

/** A list is asked for page after page, and what is like a name is asked for after the name. */
const answers = new Map<string, Promise<Answer>>();
const mostAnswers = 100;

function lookUp(named: string): Promise<Answer> {
  const parts = partsOf(named);
  const key = parts.join(",");
  const known = answers.get(key);
  if (known !== undefined) return known;
  const found = answerTo(parts);
  answers.set(key, found);
  found.catch(() => answers.delete(key));
  for (const oldest of answers.keys()) {
    if (answers.size <= mostAnswers) break;
    answers.delete(oldest);
  }
  return found;
}

/** One look at all names finds both. What is known of the towns is read for names that may be meant alone. */
async function answerTo(parts: readonly string[]): Promise<Answer> {
  const [divisions, names] = await Promise.all([divisionsOf(), TownNames.read()]);
  const wanted = readingsOf(parts, divisions).map(wantedBy);
  const { meant, like } = candidatesIn(names, wanted);
  const towns = await readTowns(names, meant);
  for (const how of ["distanceAsWritten", "distanceWithoutUmlauts"] as const) {
    for (const each of wanted) {
      const found = nearest(towns, divisions, each, how);
      if (found.length > 0) return { meant: found, like: [] };
    }
  }
  const others = await readTowns(names, like);
  // What it is said to lie in may be wrong, too: without it comes last.
  const found = [...wanted, ...wanted.map((each) => ({ ...each, within: [] }))].flatMap((each) =>
    nearest(others, divisions, each, "distanceWithSlips"),
  );
  return { meant: [], like: [...new Map(found.map((town) => [JSON.stringify(town), town])).values()] };
}

/** Names of the gazetteer, by their numbers, that are meant, and those that may be. */
function candidatesIn(names: TownNames, wanted: readonly Wanted[]) {
  const [meant, like] = [new Map<number, string>(), new Map<number, string>()];
  const called = new Set(wanted.flatMap((each) => [...each.names]));
  const likened = new Set(wanted.flatMap((each) => [...each.likeNames]));
  const slips = wanted.map(({ name }) => new Slips(name, slipsIn(name)));
  const known = new NameSet([...called, ...likened]);
  names.visit((characters, length, shared, number) => {
    // Each has to be asked of each name: it goes on from the one before.
    const mayBeMeant = slips.filter((each) => each.mayMean(characters, length, shared)).length > 0;
    if (!mayBeMeant && !known.mayHave(characters, length)) return;
    const name = textOf(characters, length);
    if (called.has(name)) meant.set(number, name);
    if (mayBeMeant || called.has(name) || likened.has(name)) like.set(number, name);
  });
  return { meant, like };
}

/** Names that are looked for among very many others. */
class NameSet {
  readonly #beginnings: ReadonlySet<number>;

  constructor(names: readonly string[]) {
    this.#beginnings = new Set(names.map((name) => beginning(name.charCodeAt(0), name.length)));
  }

  /** Quick, and false for nearly all. */
  mayHave(characters: Uint16Array, length: number): boolean {
    return this.#beginnings.has(beginning(characters[0] ?? 0, length));
  }
}

const beginning = (first: number, length: number): number => first * 1_000 + length;

/** One way to read what was written: the name of a town, and what it lies in. */
interface Reading {
  name: string;
  within: readonly string[];
}

/** With commas there is one way; without, the last words may be a region or a country. The longest name comes first. */
function readingsOf([name = "", ...within]: readonly string[], { names }: Divisions): Reading[] {
  if (name === "") return [];
  const whole = { name, within };
  if (within.length > 0) return [whole];
  const words = name.split(" ");
  const shorter = words.slice(1).map((_, index) => {
    const end = words.length - 1 - index;
    return { name: words.slice(0, end).join(" "), within: [words.slice(end).join(" ")] };
  });
  return [whole, ...shorter.filter((reading) => reading.within.every((part) => names.has(calledAlso(part))))];
}

/** What to look for. The distances are null for a town that is not meant; the smaller, the likelier. */
interface Wanted extends Reading {
  /** Folded names of towns that are called that, in some language. */
  names: ReadonlySet<string>;
  /** Those of towns that are called nearly that in another language. */
  likeNames: ReadonlySet<string>;
  distanceAsWritten(town: FoldedTown): number | null;
  /** `Muenchen`. */
  distanceWithoutUmlauts(town: FoldedTown): number | null;
  distanceWithSlips(town: FoldedTown): number | null;
}

function wantedBy({ name, within }: Reading): Wanted {
  const plain = name.replaceAll(/([aou])e/gu, "$1");
  const slips = slipsIn(name);
  const foreign = foreignWithin(name, slips);
  const isLike = likenessTo(name, slips);
  const foreignFor = (as: string) => (foreignNames.get(as) ?? []).map((key) => key.slice(3));
  const called = (as: string) => {
    const meant = new Set(foreignNames.get(as));
    return ({ folded, country }: FoldedTown) =>
      folded === as || meant.has(`${country} ${folded}`) ? 0 : null;
  };
  return {
    ...{ name, within },
    names: new Set([name, plain, ...foreignFor(name), ...foreignFor(plain)]),
    likeNames: new Set([...foreign.keys()].map((key) => key.slice(3))),
    distanceAsWritten: called(name),
    distanceWithoutUmlauts: called(plain),
    distanceWithSlips({ folded, country }) {
      if (folded.startsWith(name)) return 1;
      const known = [foreign.get(`${country} ${folded}`), isLike(folded)];
      const distances = known.filter((distance) => distance != null);
      return distances.length === 0 ? null : Math.min(...distances);
    },
  };
}

/** The towns whose names in other languages differ from a name in so many letters, by country and name. */
function foreignWithin(name: string, slips: number): Map<string, number> {
  const foreign = new Map<string, number>();
  const isLike = likenessTo(name, slips);
  for (const [other, towns] of foreignNames) {
    const distance = isLike(other);
    if (distance !== null)
      for (const town of towns) foreign.set(town, Math.min(distance, foreign.get(town) ?? distance));
  }
  return foreign;
}

/** How many letters may be wrong. In a short name any would lead anywhere. */
function slipsIn(name: string): number {
  if (name.length < 4) return 0;
  if (name.length < 6) return 1;
  return name.length < 10 ? 2 : 3;
}

/**
 * Tells in how many letters a text differs from a name; null for more than `most`. Of a text with more words its first ones count, too, a little less:
 * `new yrok` is like `new york city`.
 */
function likenessTo(name: string, most: number): (text: string) => number | null {
  const spaces = name.split(" ").length - 1;
  const distanceTo = (text: string) => {
    if (Math.abs(name.length - text.length) > most) return null;
    const distance = editDistance(name, text);
    return distance <= most ? distance : null;
  };
  return (text) => {
    const whole = distanceTo(text);
    if (whole !== null || most === 0 || text.length <= name.length - most) return whole;
    const begin = firstWords(text, spaces);
    const distance = begin === null ? null : distanceTo(begin);
    return distance === null ? null : distance + 0.5;
  };
}

/** The words before the space of this number, from 0; null where a text has no such space. */
function firstWords(text: string, spaces: number): string | null {
  let at = text.indexOf(" ");
  for (let passed = 0; passed < spaces && at !== -1; passed++) at = text.indexOf(" ", at + 1);
  return at === -1 ? null : text.slice(0, at);
}

/** The towns with a distance that lie in all of this; the nearest first, then those with most people. */
function nearest(
  towns: readonly FoldedTown[],
  divisions: Divisions,
  wanted: Wanted,
  how: "distanceAsWritten" | "distanceWithoutUmlauts" | "distanceWithSlips",
): Town[] {
  return towns
    .flatMap((town) => ({ town, distance: wanted[how](town) ?? [] }))
    .flatMap(({ town, distance }) => (typeof distance === "number" ? { town, distance } : []))
    .toSorted((a, b) => a.distance - b.distance || Number(b.town.population) - Number(a.town.population))
    .flatMap(({ town: { name, country: code, admin1, lat, lng } }) => {
      const region = divisions.regions.get(`${code}.${admin1}`) ?? null;
      const country = divisions.countries.get(code) ?? null;
      const around = [region, country, admin1, code].map((text) => foldText(text ?? ""));
      const isWithin = wanted.within.every((part) => around.includes(calledAlso(part)));
      return isWithin ? { name, region, country, location: { lat: Number(lat), lon: Number(lng) } } : [];
    });
}

interface Divisions {
  regions: ReadonlyMap<string, string>;
  countries: ReadonlyMap<string, string>;
  /** Of all of them, folded, and the codes of countries. */
  names: ReadonlySet<string>;
}

/** They are few, and the same for every question. */
let divisionsRead: Promise<Divisions> | null = null;

function divisionsOf(): Promise<Divisions> {
  divisionsRead ??= readDivisions().catch((thrown: unknown) => {
    divisionsRead = null;
    throw thrown;
  });
  return divisionsRead;
}

async function readDivisions(): Promise<Divisions> {
  const [regions, countries] = [await readRegionNames(), readCountryNames()];
  const names = new Set([...regions.values(), ...countries.values(), ...countries.keys()].map(foldText));
  return { regions, countries, names };
}

/** The code of a country by other names that people write. */
const codes: ReadonlyMap<string, string> = new Map([
  ["usa", "us"],
  ["u.s.", "us"],
  ["u.s.a.", "us"],
  ["uk", "gb"],
  ["great britain", "gb"],
]);

const calledAlso = (division: string): string => codes.get(division) ?? division;

/** What a text names, from the narrowest to the widest. Spaces count once. */
function partsOf(named: string): string[] {
  const [name = "", ...within] = named
    .split(",")
    .map((part) => foldText(part).trim().replaceAll(/\s+/gu, " "));
  return [name, ...within.filter(Boolean)];
}
