import { expect, test, vi } from "vitest";
import { findTowns, townsLike } from "./find-towns.ts";

/** The gazetteer takes a third of a second to read, and more on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const first = async (name: string) => {
  const [town] = await findTowns(name);
  return town && [town.name, town.region, town.country];
};

test.each([
  ["Lisbon", ["Lisbon", "Lisbon", "Portugal"]],
  ["  lIsBoN ", ["Lisbon", "Lisbon", "Portugal"]],
  ["Lisbon,", ["Lisbon", "Lisbon", "Portugal"]],
  ["Paris", ["Paris", "Île-de-France", "France"]],
  ["London", ["London", "England", "United Kingdom"]],
  ["Springfield, Illinois", ["Springfield", "Illinois", "United States"]],
  ["springfield,il,us", ["Springfield", "Illinois", "United States"]],
  ["Paris, United States", ["Paris", "Texas", "United States"]],
  ["Sao Paulo", ["São Paulo", "São Paulo", "Brazil"]],
  ["New  York City", ["New York City", "New York", "United States"]],
  ["Vienna", ["Vienna", "Vienna", "Austria"]],
])("%j is the town with most people of those that it can be", async (name, town) => {
  expect(await first(name)).toEqual(town);
});

test.each(["", ",", "Lisbon, Spain", "Atlantis, Greece", "Lisb", ", Portugal", "__proto__"])(
  "%j is no town",
  async (name) => {
    expect(await findTowns(name)).toEqual([]);
  },
);

test("the others of the name come with where they are, so that one can be chosen", async () => {
  const towns = await findTowns("Lisbon");
  expect(towns.length).toBeGreaterThan(3);
  expect(towns[0]?.location).toEqual({ lat: 38.72509, lon: -9.1498 });
  for (const { name, region, country } of towns) {
    const [chosen] = await findTowns([name, region, country].join(", "));
    expect(chosen).toMatchObject({ name, region, country });
  }
});

test("a name that begins that of a town leads to the largest of them", async () => {
  expect((await townsLike("new york"))[0]).toMatchObject({ name: "New York City" });
  expect(await townsLike(" , ")).toEqual([]);
});
