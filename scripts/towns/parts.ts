import { around, distance } from "geokdbush";
import KDBush from "kdbush";
import type { PopulatedTown } from "./populations.ts";

/** A town with what the populated one of the same name is, if there is one. */
export interface ClassedTown {
  name: string;
  country: string;
  admin1: string;
  lat: number;
  lon: number;
  known: PopulatedTown | undefined;
}

/** Towns with fewer people have no parts. */
const fewestPeople = 50_000;
/** So dense a city is: its people say how far it reaches. People a square kilometre. */
const density = 3_000;
/** A city reaches no further, however many people it has. Kilometres. */
const furthest = 20;
/** The middle of a large city: all but large towns belong to it. Kilometres, people. */
const middle = { km: 6, people: 300_000 };
/** A capital may be a region of its own; up to here what lies around its middle is a part of it all the same. Kilometres. */
const capitalKm = 10;
/** From so many people on, and so many kilometres from the middle, a town is one of its own. */
const independent = { km: 5, people: 200_000 };

const peopleIn = ({ known }: ClassedTown): number => known?.population ?? 0;
const isSection = ({ known }: ClassedTown): boolean => known?.featureCode === "PPLX";
const reach = (city: ClassedTown): number => Math.sqrt(peopleIn(city) / (Math.PI * density));

/**
 * For each town the number of the city that it is a part of, or -1: sections, and small places that a city has grown around. Seats of communes and
 * other large towns are their own beyond the middle of the city. Where several cities may have it, the one that lies nearest for its size has.
 */
export function partsOf(towns: readonly ClassedTown[]): Int32Array {
  const index = new KDBush(towns.length);
  for (const { lat, lon } of towns) index.add(lon, lat);
  index.finish();
  const parts = new Int32Array(towns.length).fill(-1);
  const nearness = new Float64Array(towns.length).fill(Number.POSITIVE_INFINITY);
  const cities = [...towns.entries()]
    .filter(([, town]) => peopleIn(town) >= fewestPeople && !isSection(town))
    .toSorted(([, a], [, b]) => peopleIn(b) - peopleIn(a));
  for (const [number, city] of cities) {
    if (parts[number] !== -1) continue;
    const km = Math.max(Math.min(furthest, reach(city)), middle.km);
    for (const at of around(index, city.lon, city.lat, Number.POSITIVE_INFINITY, km)) {
      const town = towns[at];
      if (town === undefined || at === number) continue;
      const away = distance(city.lon, city.lat, town.lon, town.lat);
      const share = away / reach(city);
      if (share >= (nearness[at] ?? 0) || !isPart(town, city, away)) continue;
      parts[at] = number;
      nearness[at] = share;
    }
  }
  return parts;
}

/** Whether a town that lies so many kilometres from the middle of a city is a part of it. */
function isPart(town: ClassedTown, city: ClassedTown, away: number): boolean {
  const reached = Math.min(furthest, reach(city));
  const isLarge = peopleIn(town) >= independent.people && away > independent.km;
  const isInMiddle = peopleIn(city) >= middle.people && away <= middle.km && !isLarge;
  if (town.country !== city.country || (!isSection(town) && peopleIn(town) * 4 > peopleIn(city)))
    return false;
  const isAroundCapital = city.known?.featureCode === "PPLC" && away <= Math.min(reached, capitalKm);
  if (town.admin1 !== city.admin1 && !isAroundCapital) return false;
  if (isInMiddle) return true;
  const isSeat = town.known?.featureCode.startsWith("PPLA") ?? false;
  return away <= reached && (isSection(town) || (!isSeat && !isLarge));
}
